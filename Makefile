# `make run` starts Copydesk; `make help` lists the rest.
# Nothing is needed but Python 3.11 or newer, git and make.
PYTHON := .venv/bin/python
COPYDESK := $(PYTHON) -m bot

.DEFAULT_GOAL := help
.PHONY: help run tour setup test bench bench-press bench-reading lock clean

help:  ## list what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name what; do \
		printf 'make %-13s %s\n' "$$name" "$$what"; done

run: .venv/run-installed  ## start the newsroom, or go on where it was; Ctrl-C closes it
	@[ -e "$${COPYDESK_CONFIG:-var/config.toml}" ] || $(COPYDESK) init
	@exec $(COPYDESK) run

tour: .venv/run-installed  ## watch a day at the desk, offline
	@exec $(COPYDESK) tour

setup: .venv/dev-installed  ## make the environment for working on Copydesk

test: setup  ## check style and types, then run every test
	@.ci/programs
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(PYTHON) -m pytest -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

bench: setup  ## measure latency, throughput and memory
	$(PYTHON) -m benchmarks

bench-press: setup  ## measure publishing, releasing and every output
	$(PYTHON) -m benchmarks press

bench-reading: setup  ## measure reading on the pages in ../shared, others beside ours
	$(PYTHON) -m benchmarks reading

lock: setup  ## bring both locks up to pyproject.toml, keeping versions that still fit
	@.ci/lock

clean:  ## remove the environment and caches; var/, where your newsroom lives, stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
	find bot storage renderers tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/run-installed: requirements.lock
	@.ci/environment $<
	@touch $@

.venv/dev-installed: requirements-dev.lock
	@.ci/environment $<
	@touch $@
