#!/usr/bin/env bash
# Runs a command with a private PostgreSQL, Redis and chromedriver on free ports, and stops them however it ends.
set -euo pipefail

home=$(mktemp -d "${TMPDIR:-/tmp}/markaz-engines.XXXXXX")
chmod 755 "$home"
postgres_bin=$(scripts/postgres-bin.sh)
started=()

# PostgreSQL refuses to run as root.
as_postgres=()
if [ "$(id -u)" -eq 0 ]; then as_postgres=(runuser -u postgres --); fi

stop() {
    [ ${#started[@]} -eq 0 ] || kill "${started[@]}" 2>/dev/null || true
    "${as_postgres[@]}" "$postgres_bin/pg_ctl" stop -D "$home/postgres/data" -m fast -s >/dev/null 2>&1 || true
    rm -rf "$home"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}

wait_for() {
    local port=$1 name=$2
    for _ in $(seq 100); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then return; fi
        sleep 0.1
    done
    echo "$name did not start; its log:" >&2
    tail -n 20 "$home"/*.log "$home"/postgres/*.log >&2 || true
    exit 1
}

start_postgres() {
    local port=$1 password=$2
    mkdir "$home/postgres"
    printf '%s' "$password" >"$home/postgres/password"
    [ ${#as_postgres[@]} -eq 0 ] || chown -R postgres "$home/postgres"
    (cd "$home/postgres" && "${as_postgres[@]}" "$postgres_bin/initdb" -D data -U postgres -A scram-sha-256 --pwfile=password -E UTF8 --locale=C.UTF-8 >init.log 2>&1)
    (cd "$home/postgres" && "${as_postgres[@]}" "$postgres_bin/pg_ctl" start -D data -s -w -l "$home/postgres/server.log" \
        -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=400") >/dev/null
    # The roles of an installation: one owns and migrates, one serves under row-level security, one sees the queue.
    PGPASSWORD=$password "$postgres_bin/psql" -qX -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$port" -U postgres -d postgres <<SQL
CREATE ROLE markaz_owner LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS PASSWORD '$password';
CREATE ROLE markaz_queue NOLOGIN NOSUPERUSER NOBYPASSRLS;
CREATE ROLE markaz_app LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS PASSWORD '$password';
GRANT markaz_queue TO markaz_app;
-- Only here: a test's database is dropped while its connections may still be closing.
GRANT pg_signal_backend TO markaz_owner;
CREATE DATABASE markaz OWNER markaz_owner;
SQL
}

password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
postgres_port=$(free_port)
start_postgres "$postgres_port" "$password"
wait_for "$postgres_port" PostgreSQL

redis_port=$(free_port)
redis-server --port "$redis_port" --bind 127.0.0.1 --dir "$home" --save '' --appendonly no >"$home/redis.log" 2>&1 &
started+=($!)
chromedriver_port=$(free_port)
chromedriver --port="$chromedriver_port" >"$home/chromedriver.log" 2>&1 &
started+=($!)
wait_for "$redis_port" Redis
wait_for "$chromedriver_port" chromedriver

export MARKAZ_TEST_DATABASE_URL="postgres://markaz_app:$password@127.0.0.1:$postgres_port/markaz"
export MARKAZ_TEST_DATABASE_OWNER_URL="postgres://markaz_owner:$password@127.0.0.1:$postgres_port/markaz"
export MARKAZ_TEST_DATABASE_SUPERUSER_URL="postgres://postgres:$password@127.0.0.1:$postgres_port/markaz"
export MARKAZ_TEST_REDIS_URL="redis://127.0.0.1:$redis_port"
export MARKAZ_TEST_CHROMEDRIVER="http://127.0.0.1:$chromedriver_port"
"$@"
