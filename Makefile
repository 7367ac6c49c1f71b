# Needs make and python3 (3.11 or newer); everything else goes into $(VENV).
# `make help` lists the targets.

PYTHON  ?= python3
VENV    ?= .venv
WORKERS ?= 2
SECONDS ?= 300
ARGS    ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help demo test check generate bench fuzz new-rule readmes clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.base ## Install tflint into .venv and lint two samples
	@echo
	@echo '$$ tflint samples/01-clean-int8/model.tflite'
	@$(BIN)/tflint samples/01-clean-int8/model.tflite
	@echo
	@echo '$$ tflint samples/02-float-op-in-int8/model.tflite'
	@$(BIN)/tflint samples/02-float-op-in-int8/model.tflite || { code=$$?; [ $$code -eq 1 ] || exit $$code; }
	@echo
	@echo 'Your own model: $(BIN)/tflint path/to/model.tflite'

test: $(VENV)/.dev ## Run the tests, with real TensorFlow conversions (ARGS="-k flex" to choose)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

check: $(VENV)/.dev ## Style, types, import contracts, freshness of the generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tflint._dev generate --check

generate: $(VENV)/.dev ## Write src/tflint/_generated from the schema and rules/
	$(BIN)/python -m tflint._dev generate

readmes: $(VENV)/.dev ## Run the commands in README.md and samples/ and write their output back
	$(BIN)/python -m tflint._dev readmes --write

bench: $(VENV)/.dev ## Measure start, memory and cost per operator against other readers
	$(BIN)/python -m tflint._dev bench $(ARGS)

fuzz: $(VENV)/.dev ## Damage models in 20,000 ways, then fuzz for SECONDS guided by coverage
	TFLINT_MUTATIONS=20000 $(BIN)/python -m pytest -q -n $(WORKERS) tests/hostile/test_mutations.py
	$(PIP) atheris
	mkdir -p build/corpus
	$(BIN)/python tests/hostile/fuzz_reader.py -max_total_time=$(SECONDS) build/corpus tests/hostile/zoo

new-rule: $(VENV)/.dev ## Write page and module of a rule (FAMILY=quantization NAME=per-tensor-weights)
	@[ -n "$(FAMILY)" ] && [ -n "$(NAME)" ] || { \
	  echo 'usage: make new-rule FAMILY=quantization NAME=per-tensor-weights' >&2; exit 2; }
	$(BIN)/python -m tflint._dev new-rule '$(FAMILY)' '$(NAME)'

clean: ## Remove the virtual environment, caches and build results
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/.created:
	@command -v $(PYTHON) >/dev/null || { \
	  echo 'tflint needs Python 3.11 or newer; there is no $(PYTHON) on the PATH' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "tflint needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; \
	  echo 'Name another one: make PYTHON=python3.12 ...' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo '$(PYTHON) cannot make virtual environments: its venv module is missing' >&2; \
	  echo '(Debian and Ubuntu: apt install python3-venv)' >&2; exit 1; }
	@echo 'Making the virtual environment $(VENV)'
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.base: $(VENV)/.created pyproject.toml constraints.txt
	@echo 'Installing tflint into $(VENV)'
	@$(PIP) --editable .
	@touch $@

# One environment for everything: `make test` after `make demo` adds to it.
$(VENV)/.dev: $(VENV)/.base
	@echo 'Installing the development tools, TensorFlow and LiteRT (about 2.5 GB, once)'
	@if $(BIN)/python -c 'import sys; sys.exit(sys.version_info >= (3, 14))'; then \
	  $(PIP) --editable '.[dev,quantize,convert]'; \
	else \
	  echo 'TensorFlow 2.21 has no build for Python 3.14 or newer: tests that convert will be skipped'; \
	  $(PIP) --editable '.[dev,quantize]'; \
	fi
	@# The generated Python of the TFLite metadata schema is published only in the mediapipe wheel.
	@# It is read as a source file, never imported, so mediapipe's dependencies are not needed.
	@$(PIP) --no-deps mediapipe
	@touch $@
