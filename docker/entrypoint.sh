#!/bin/sh
# Runs before the command of every container: refuses what cannot work, and writes the file of UI passwords.
set -eu

refuse() {
    echo "entrypoint: $1" >&2
    exit 1
}

# Passwords stand inside URLs and JSON as they are.
check_plain() {
    case "$2" in
    *[!A-Za-z0-9_-]*) refuse "$1 may hold letters, digits, - and _ only: choose another in .env" ;;
    esac
}

# postgresql+psycopg://user:password@host/database
check_url() {
    case "$2" in *://*:*@*) ;; *) return 0 ;; esac
    login=${2#*://}
    password=${login#*:}
    check_plain "the password in $1" "${password%@*}"
}

check_url AIRFLOW__DATABASE__SQL_ALCHEMY_CONN "${AIRFLOW__DATABASE__SQL_ALCHEMY_CONN:-}"
check_url AIRFLOW__CELERY__BROKER_URL "${AIRFLOW__CELERY__BROKER_URL:-}"
check_url AIRFLOW__CELERY__RESULT_BACKEND "${AIRFLOW__CELERY__RESULT_BACKEND:-}"
check_url BAYAN_WAREHOUSE_URL "${BAYAN_WAREHOUSE_URL:-}"

if [ -n "${OPERATOR_PASSWORD:-}" ]; then
    check_plain OPERATOR_PASSWORD "$OPERATOR_PASSWORD"
    check_plain ANALYST_PASSWORD "${ANALYST_PASSWORD:?set ANALYST_PASSWORD in .env}"
    (
        umask 077
        printf '{"operator": "%s", "analyst": "%s"}\n' "$OPERATOR_PASSWORD" "$ANALYST_PASSWORD" \
            >"${AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE:?}"
    )
    unset OPERATOR_PASSWORD ANALYST_PASSWORD
fi

exec "$@"
