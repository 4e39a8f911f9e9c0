#!/bin/sh
# Writes .env beside docker-compose.yml: fresh secrets, and the lines that only the team can fill in.
set -eu
cd "$(dirname "$0")/.."
file=${1:-.env}

if [ -e "$file" ]; then
    echo "make-env: $file exists and stays as it is; move it away to make new secrets" >&2
    exit 1
fi

secret() {
    od -An -tx1 -N"$1" /dev/urandom | tr -d ' \n'
}

umask 077
cat >"$file" <<ENV
# Secrets of this installation. Keep a copy where you keep passwords; never commit it.
POSTGRES_PASSWORD=$(secret 24)
AIRFLOW_DB_PASSWORD=$(secret 24)
WAREHOUSE_DB_PASSWORD=$(secret 24)
READER_DB_PASSWORD=$(secret 24)
REDIS_PASSWORD=$(secret 24)
OPERATOR_PASSWORD=$(secret 12)
ANALYST_PASSWORD=$(secret 12)
BAYAN_BOARD_PASSWORD=$(secret 12)
AIRFLOW_FERNET_KEY=$(head -c 32 /dev/urandom | base64 | tr '+/' '-_')
AIRFLOW_SECRET_KEY=$(secret 32)
AIRFLOW_JWT_SECRET=$(secret 48)

# To be filled in: the SMTP server, the sender of alerts, and whom a site's owner may write to (mail address or URL).
BAYAN_SMTP_HOST=
BAYAN_MAIL_FROM=
BAYAN_CONTACT=
# As needed (docs/compose.md):
#BAYAN_OPERATORS=["desk@team.example"]
#BAYAN_METRICS_TOKEN=
#BAYAN_WATCH_SECONDS=60
#BAYAN_WEBHOOK_KEY=
#BAYAN_UI_URL=https://bayan.team.example
#BAYAN_BOARD_URL=
#BAYAN_RULE_URL=
#BAYAN_SMTP_PORT=587
#BAYAN_SMTP_USER=
#BAYAN_SMTP_PASSWORD=
#BAYAN_SMTP_TLS=true
#BAYAN_ALLOW_ADDRESSES=[]
#UI_PORT=8080
#BOARD_PORT=8081
ENV
echo "make-env: wrote $file; fill in BAYAN_SMTP_HOST, BAYAN_MAIL_FROM and BAYAN_CONTACT"
