# Listrak Relay: every command of the project. Each one first installs what it needs.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

PYTHON_BIN := .venv/bin/python
# Started as modules, because scripts in bin/ stop working when the repository is moved.
SAM := .venv-sam/bin/python -m samcli
SOURCES := layers/core/python functions local simulator tests $(wildcard bench cli tools/*.py)

# As they were typed: make would read a dollar sign in them as the beginning of a variable.
export GIVEN_FILE := $(value FILE)
export GIVEN_AUDIENCE := $(value AUDIENCE)
export GIVEN_CONFIG := $(value CONFIG)
LOCAL_OPTIONS = $${PORT:+--port "$$PORT"} $${GIVEN_CONFIG:+--config "$$GIVEN_CONFIG"}

# Where nothing compiled is kept, as some containers want it, each process compiles all its modules anew.
unexport PYTHONDONTWRITEBYTECODE
export SAM_CLI_TELEMETRY := 0
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.venv/.installed: requirements/dev.txt
	@tools/setup_venv .venv $<
	@touch $@

# Less than half of the above: what the stack on one machine needs. Where all is installed, so is this.
.venv/.runnable: requirements/run.txt
	@[ .venv/.installed -nt requirements/dev.txt ] || tools/setup_venv .venv $<
	@touch $@

# The others, each of the lock of its name.
.venv-%/.installed: requirements/%.txt
	@tools/setup_venv .venv-$* $<
	@touch $@

.PHONY: setup
setup: .venv/.installed ## Make the virtual environment (the other commands do this themselves)

.PHONY: demo
demo: .venv/.runnable ## Start everything on this machine, drop sample audiences and show what became of each row
	@$(PYTHON_BIN) -m local demo

.PHONY: run
run: .venv/.runnable ## Deliver your own file to the simulator: make run FILE=people.csv DESTINATION=email AUDIENCE=vip (a feed: DESTINATION=orders; CONFIG=destinations.yaml, KEEP=1 keeps the stack up)
	@$(PYTHON_BIN) -m local run --file "$$GIVEN_FILE" --destination "$${DESTINATION:-email}" \
		--audience "$$GIVEN_AUDIENCE" $(LOCAL_OPTIONS) $${KEEP:+--keep}

.PHONY: local
local: .venv/.runnable ## Keep the stack running until Ctrl-C, so that you can drop files with the AWS CLI or boto3 (PORT=4566 CONFIG=destinations.yaml)
	@$(PYTHON_BIN) -m local up $(LOCAL_OPTIONS)

.PHONY: sftp-check
sftp-check: .venv/.runnable ## Look at a destination's SFTP server, writing nothing: make sftp-check DESTINATION=orders (deployed: STACK=…)
	@if [ -n "$${STACK:-}" ]; then \
		PYTHONPATH=layers/core/python $(PYTHON_BIN) -m cli.sftp_check \
			--destination "$${DESTINATION:-orders}" --stack "$$STACK"; \
	else $(PYTHON_BIN) -m local sftp-check --destination "$${DESTINATION:-orders}"; fi

.PHONY: env
env: .venv/.runnable ## Write .build/env.json for `sam local invoke --env-vars` from a deployed stack: make env STACK=listrak-relay
	@$(PYTHON_BIN) -m local.invoke_variables --stack "$${STACK:-listrak-relay}" --output .build/env.json

.PHONY: test
test: setup ## Run the tests (one part of them: make test ARGS="tests/unit -k consent")
	@rm -f .build/usage/test-*.json  # what earlier runs have used of the roles' permissions says nothing of this one
	@$(PYTHON_BIN) -m pytest --numprocesses auto --maxprocesses 4 --no-loadscope-reorder $(ARGS)

.PHONY: soak
soak: setup ## Let everything go wrong at every call of the whole stack for an hour, and see that nothing grows: make soak MINUTES=60 (STACKS=2 FAULT_SEED=)
	@MINUTES="$${MINUTES:-60}" $(PYTHON_BIN) -m pytest -m soak --numprocesses "$${STACKS:-2}" tests/faults

.PHONY: check
check: setup .venv-sam/.installed security-check site ## Check style, types, the dependency rule, the templates, security and the site
	$(PYTHON_BIN) -m ruff check
	$(PYTHON_BIN) -m ruff format --check
	$(PYTHON_BIN) -m mypy $(SOURCES)
	$(PYTHON_BIN) -m pytest --quiet tests/unit/project/test_architecture.py
	$(PYTHON_BIN) .venv/bin/cfn-lint
	$(SAM) validate --lint

.PHONY: security-check
security-check: .venv-scan/.installed ## Look for what is dangerous in templates and code, and for weaknesses of dependencies
	.venv-scan/bin/python -m checkov.main --config-file .checkov.yaml
	.venv-scan/bin/python -m bandit --quiet --configfile pyproject.toml --recursive layers/core/python functions local simulator cli tools bench
	.venv-scan/bin/python tools/audit.py

.PHONY: site
site: setup .venv-site/.installed ## Build the documentation as a site, into .build/site; a dead link fails it
	@PYTHONPATH=layers/core/python:. $(PYTHON_BIN) tools/reference.py
	NO_MKDOCS_2_WARNING=1 .venv-site/bin/python -m mkdocs build --strict --quiet

.PHONY: diagrams
diagrams: .venv-browser/.installed ## Draw the diagrams of the documentation that have changed (needs npm and Chromium)
	@tools/install_chromium
	@npm install --silent --no-audit --no-fund --no-save --prefix .build/npm mermaid@11
	@.venv-browser/bin/python tools/diagrams.py .build/npm/node_modules

.PHONY: format
format: setup ## Format the code and apply the linter's safe fixes
	$(PYTHON_BIN) -m ruff check --fix
	$(PYTHON_BIN) -m ruff format

.PHONY: build
build: setup .venv-sam/.installed ## Build what is deployed, for the Python and the architecture that template.yaml names
	$(SAM) build

.PHONY: build-check
build-check: setup .venv-sam/.installed ## Build, then check sizes, platforms and that every handler imports from the result
	@$(PYTHON_BIN) -m pytest -m packaging tests/packaging

.PHONY: docs-check
docs-check: setup .venv-aws/.installed ## Type every command of the documentation against the local stack
	@$(PYTHON_BIN) -m pytest -m documented --timeout 900 tests/documented

.PHONY: aws-check
aws-check: setup .venv-ministack/.installed .venv-sam/.installed ## Create the stack in a second emulator, where each call is held to its role's policies
	@$(PYTHON_BIN) -m pytest -m aws tests/aws

.PHONY: least-privilege
least-privilege: setup ## Find what the roles may do and no test has needed (after make test and make aws-check)
	@$(PYTHON_BIN) -m local.permissions .build/usage/test-*.json $(addprefix .build/usage/,aws-check.json aws-check-key.json aws-check-given-bucket.json)

.PHONY: transfer-check
transfer-check: setup ## Send files to OpenSSH's own server (installs it with apt-get where it is absent)
	@tools/install_sshd
	@$(PYTHON_BIN) -m pytest -m transfer tests/transfer

.PHONY: browser-check
browser-check: setup .venv-browser/.installed ## Look at the pages in Chromium (installs it with apt-get where it is absent)
	@tools/install_chromium
	@$(PYTHON_BIN) -m pytest -m browser tests/browser

.PHONY: lock
lock: setup ## Pin the dependencies of pyproject.toml anew (newest versions: make lock ARGS=--upgrade)
	tools/lock $(ARGS)

.PHONY: bench
bench: setup .venv-bench/.installed .venv-sam/.installed ## Measure speed and memory (one of the measurements: make bench ARGS=ingest)
	@.venv-bench/bin/python -m bench $(ARGS)

.PHONY: clean
clean: ## Remove build results, caches and the virtual environments
	rm -rf .aws-sam .build .local .venv .venv-aws .venv-bench .venv-browser .venv-ministack .venv-sam .venv-scan .venv-site .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help: ## Show this list
	@awk -v width="$$(tput cols 2>/dev/null || echo 80)" -f tools/help.awk $(MAKEFILE_LIST)
