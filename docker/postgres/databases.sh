#!/bin/sh
# Runs once, when the server's volume is new: a role and a database for Airflow and for the warehouse, each closed to
# the other, and a login that `bayan warehouse reader` lets read the warehouse.
set -eu

make_database() {
    PASSWORD=$2 psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
        -v name="$1" <<'SQL'
\getenv password PASSWORD
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name" ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
}

make_database airflow "${AIRFLOW_DB_PASSWORD:?set AIRFLOW_DB_PASSWORD in .env}"
make_database bayan "${WAREHOUSE_DB_PASSWORD:?set WAREHOUSE_DB_PASSWORD in .env}"

PASSWORD=${READER_DB_PASSWORD:?set READER_DB_PASSWORD in .env} psql -v ON_ERROR_STOP=1 --no-psqlrc --quiet \
    --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\getenv password PASSWORD
CREATE ROLE bayan_reader LOGIN PASSWORD :'password';
GRANT CONNECT ON DATABASE bayan TO bayan_reader;
SQL
