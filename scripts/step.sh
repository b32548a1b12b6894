#!/usr/bin/env bash
# Names a step, runs it and says how long it took: a long first build must not look stuck.
set -euo pipefail
number=$1 of=$2 title=$3
shift 3
printf '\n\033[1m[%s/%s] %s\033[0m\n' "$number" "$of" "$title"
started=$SECONDS
"$@"
printf '[%s/%s] done in %d s\n' "$number" "$of" $((SECONDS - started))
