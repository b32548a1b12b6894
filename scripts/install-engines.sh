#!/usr/bin/env bash
# The tests run PostgreSQL, Redis and a browser: installs the Debian packages that are not there yet.
set -euo pipefail
packages=()
[ -n "$(scripts/postgres-bin.sh 2>/dev/null)" ] || packages+=(postgresql)
command -v redis-server >/dev/null || packages+=(redis-server)
command -v chromium >/dev/null || packages+=(chromium)
command -v chromedriver >/dev/null || packages+=(chromium-driver)
[ ${#packages[@]} -gt 0 ] || exit 0

root=()
if [ "$(id -u)" -ne 0 ]; then root=(sudo); fi
if ! command -v apt-get >/dev/null || { [ ${#root[@]} -gt 0 ] && ! command -v sudo >/dev/null; }; then
    echo "The tests need ${packages[*]} (Debian names). Please install them, then run make test again." >&2
    exit 1
fi
echo "Installing ${packages[*]} ..."
"${root[@]}" apt-get update -qq
"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
