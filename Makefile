# `make run` tries Markaz out, `make test` proves it; the rest are their parts.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Optimized enough for thousands of leads, quick enough to build for a first look.
PROFILE ?= demo
SERVER := target/$(PROFILE)/markaz
SANDBOX := --manifest-path plugins/sandbox/Cargo.toml --target-dir target/sandbox
ASSETS := $(shell find web/assets web/templates web/*.json web/*.mjs -type f 2>/dev/null)

.PHONY: help run test reference bench assets sandbox server lint engines prerequisites

help:
	@echo "make run    build everything and start Markaz with three demo centers"
	@echo "make test   formatting, lints and every test, on SQLite and on PostgreSQL + Redis + Chromium"
	@echo "make bench  measure Markaz against the limit of the same machine"
	@echo "make reference  write docs/script-reference.md anew from the script engine"
	@echo "make lint   formatting and lints only"

run: prerequisites
	@scripts/step.sh 1 3 "Front end" $(MAKE) assets
	@scripts/step.sh 2 3 "Script sandbox" $(MAKE) sandbox
	@scripts/step.sh 3 3 "Server (the long one: several minutes the first time, seconds afterwards)" $(MAKE) server
	@exec $(SERVER) serve --demo

test: prerequisites engines
	@scripts/step.sh 1 4 "Front end" $(MAKE) assets
	@scripts/step.sh 2 4 "Script sandbox" $(MAKE) sandbox
	@scripts/step.sh 3 4 "Formatting and lints" $(MAKE) lint
	@scripts/step.sh 4 4 "Tests on both engines" scripts/with-engines.sh scripts/summed.sh cargo test --workspace --no-fail-fast

reference: sandbox assets
	@WRITE_DOCS=1 cargo test --quiet --package tests --test it recipes::the_reference

bench: prerequisites engines
	@$(MAKE) assets sandbox
	@cargo build --release --package web --bin markaz
	@scripts/with-engines.sh cargo bench --package tests

assets: web/dist/app.css
	@:

sandbox:
	@cargo build --release $(SANDBOX)

server: assets
	@cargo build --profile $(PROFILE) --package web --bin markaz

lint: assets
	@cargo fmt --all --check
	@cargo fmt --manifest-path plugins/sandbox/Cargo.toml --check
	@cargo clippy --workspace --all-targets --quiet -- -D warnings
	@cargo clippy $(SANDBOX) --all-targets --quiet -- -D warnings

engines:
	@scripts/install-engines.sh

prerequisites:
	@scripts/prerequisites.sh

web/node_modules/.package-lock.json: web/package-lock.json
	@cd web && npm ci --no-audit --no-fund
	@touch $@

web/dist/app.css: web/node_modules/.package-lock.json $(ASSETS)
	@cd web && npm run --silent build
	@touch $@
