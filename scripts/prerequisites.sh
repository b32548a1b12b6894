#!/usr/bin/env bash
# Says everything that is missing at once, with the command that brings it on Debian.
set -euo pipefail
missing=()

# Is the dotted version $1 at least $2?
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

rust_wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
if ! command -v cargo >/dev/null; then
    missing+=("Rust $rust_wanted or newer: curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y && . \"\$HOME/.cargo/env\"")
elif ! at_least "$(rustc --version | cut -d ' ' -f 2)" "$rust_wanted"; then
    missing+=("Rust $rust_wanted or newer, $(rustc --version) is too old: rustup update stable")
fi
node_hint='apt-get install -y curl && curl -fsSL https://deb.nodesource.com/setup_22.x | bash - && apt-get install -y nodejs'
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    missing+=("Node.js 20 or newer, with npm: $node_hint")
elif ! at_least "$(node --version | tr -d v)" 20; then
    missing+=("Node.js 20 or newer, $(node --version) is too old: $node_hint")
fi
command -v cc >/dev/null || missing+=("A C compiler: apt-get install -y build-essential")

if [ ${#missing[@]} -gt 0 ]; then
    echo "Markaz cannot be built yet. Missing here (commands for Debian, as root):" >&2
    printf '  - %s\n' "${missing[@]}" >&2
    exit 1
fi
