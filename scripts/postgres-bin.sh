#!/usr/bin/env bash
# Where initdb and pg_ctl live: Debian keeps them off the PATH, one folder for each version.
set -euo pipefail
newest=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
initdb=${newest:-$(command -v initdb || true)}
[ -n "$initdb" ] || { echo "PostgreSQL's initdb was not found" >&2; exit 1; }
dirname "$initdb"
