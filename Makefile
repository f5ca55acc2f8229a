# Everything starts here. Each target sets up what it needs, once; `make` lists them.
# Works with GNU make 3.81, which is what macOS has.

VENV := .venv
PY := $(VENV)/bin/python
STEP := scripts/step.sh
FRONTEND := $(PY) scripts/frontend.py
PYTEST := $(PY) -m pytest
NOTEBOOKS := $(wildcard notebooks/*.ipynb)

# The first Python that is new enough; PYTHON=... chooses another.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)

# Jupyter starts as root only when told so; a fresh container has nobody else.
AS_ROOT := $(shell test "$$(id -u)" = 0 && echo --allow-root)

# Two workers suit two cores, and are no loss with more: most tests wait for something.
WORKERS ?= 2

# Those that wait more, for processes, servers, pages and each other, leave a core idle otherwise.
WAITERS ?= 3

# Tests start hundreds of Python processes, and none of them should compile the package again.
unexport PYTHONDONTWRITEBYTECODE

# Where PostgreSQL was found or installed, tests that can't use it fail; elsewhere they are skipped.
WITH_POSTGRES = env PGW_REQUIRE_POSTGRES=$$(test -s $(VENV)/.postgres && echo 1)

.DEFAULT_GOAL := help
.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- What people use ------------------------------------------------------------------------------

.PHONY: lab
lab: $(VENV)/.package ## open JupyterLab on the quickstart notebook
	$(PY) -m jupyter lab $(AS_ROOT) notebooks/quickstart.ipynb

.PHONY: test
test: setup checks js-test test-unit test-live notebooks browser ## show every promise
	@echo; echo "All promises hold."

.PHONY: test-all
test-all: ## the same with the full counts of repetitions
	@PLAYGROUND_WIDGET_FULL=1 PGW_FUZZ_RUNS=10000 $(MAKE) test

# --- The parts of `make test` ---------------------------------------------------------------------

# Debian's packages, Python's and Node's come from three places, and none waits for another.
.PHONY: setup
setup: $(VENV)/pyvenv.cfg $(VENV)/.node ## set up what the tests need
	@$(MAKE) --no-print-directory -j3 TOGETHER=1 system $(VENV)/.dev js

.PHONY: system
system: | $(VENV)/pyvenv.cfg
	@$(STEP) "Browser's package" $(PY) scripts/find_browser.py --install-package
	@$(MAKE) --no-print-directory $(VENV)/.postgres

# Most of these keep one core busy, so that two at a time take half as long.
.PHONY: checks
checks: $(VENV)/.dev $(VENV)/.node js ## check all that needs no test, two things at a time
	@$(MAKE) --no-print-directory -j2 TOGETHER=1 typecheck lint build

.PHONY: lint
lint: $(VENV)/.dev $(VENV)/.node ## check format, style and layers
	@$(STEP) "Python format" $(VENV)/bin/ruff format --check .
	@$(STEP) "Python style" $(VENV)/bin/ruff check .
	@$(STEP) "Python layers" $(VENV)/bin/lint-imports
	@$(STEP) "TypeScript format, style and layers" $(FRONTEND) run lint

.PHONY: typecheck
typecheck: types-python types-public types-js ## check types

.PHONY: types-python
types-python: $(VENV)/.dev
	@$(STEP) "Python types" $(VENV)/bin/mypy

.PHONY: types-public
types-public: $(VENV)/.dev
	@$(STEP) "Public types are complete" $(PY) scripts/check_types.py

.PHONY: types-js
types-js: $(VENV)/.node
	@$(STEP) "TypeScript types" $(FRONTEND) run typecheck

.PHONY: js
js: $(VENV)/.node ## build the front-end if a source is newer
	@$(STEP) "Front-end build" $(FRONTEND) build

.PHONY: js-test
js-test: $(VENV)/.node ## run the TypeScript tests
	@$(STEP) "TypeScript tests" $(FRONTEND) run test

WITHOUT_A_HOST := --doctest-modules playground_widget tests \
	--ignore tests/browser --ignore tests/notebook --ignore tests/bench

# Some promises are about moments: what a killed process may lose, when a limit lets go. Processes
# that starve each other break them now and then, so what fails has to pass alone.
.PHONY: test-unit
test-unit: $(VENV)/.dev $(VENV)/.package $(VENV)/.postgres ## run the Python tests that need no kernel and no browser
	@$(STEP) "Python tests" $(WITH_POSTGRES) $(PYTEST) -n $(WAITERS) --dist worksteal $(WITHOUT_A_HOST) \
		|| $(STEP) "Python tests that failed, by themselves" $(WITH_POSTGRES) $(PYTEST) --last-failed $(WITHOUT_A_HOST)

.PHONY: test-live
test-live: $(VENV)/.dev $(VENV)/.package $(VENV)/.kernels ## run the tests in live kernels, old and new
	@$(STEP) "Kernel tests" $(PYTEST) -n $(WORKERS) tests/notebook \
		|| $(STEP) "Kernel tests that failed, by themselves" $(PYTEST) --last-failed tests/notebook

.PHONY: notebooks
notebooks: $(VENV)/.dev $(VENV)/.package ## run the notebooks and compare what they show
	@$(if $(NOTEBOOKS),$(STEP) "Notebooks" env -u OPENAI_API_KEY -u OPENAI_BASE_URL \
		PLAYGROUND_WIDGET_DB="$$(mktemp -d)/threads.sqlite" $(PYTEST) -n $(WORKERS) --dist loadfile -p nbval --nbval --nbval-current-env $(NOTEBOOKS),\
		echo "No notebooks.")

# Browsers, servers and kernels on two cores starve each other now and then. What fails is
# printed, and has to pass alone, one test after the other.
.PHONY: browser
browser: $(VENV)/.package $(VENV)/.browser $(VENV)/.kernels ## run the tests in a real browser
	@$(STEP) "Browser tests" $(PYTEST) -n $(WAITERS) --dist worksteal tests/browser \
		|| $(STEP) "Browser tests that failed, by themselves" $(PYTEST) --last-failed tests/browser

# The front-end has to work in JupyterLab 4.2 too; one more environment is too dear for each run.
.PHONY: test-lab42
test-lab42: $(VENV)/.package $(VENV)/.browser ## run the conversation in JupyterLab 4.2
	@test -x .lab42/bin/python || $(PYTHON) -m venv .lab42
	@$(STEP) "JupyterLab 4.2" .lab42/bin/python -m pip install --quiet "jupyterlab==4.2.*" anywidget ipywidgets
	@$(STEP) "Conversation in JupyterLab 4.2" env PGW_LAB42=$(CURDIR)/.lab42/bin/python \
		$(PYTEST) tests/browser/test_hosts.py -k jupyterlab_4_2

.PHONY: build
build: $(VENV)/.dev js ## build the wheel into dist/ and try it in an empty environment
	@$(STEP) "Wheel" $(PY) scripts/check_wheel.py

.PHONY: docs
docs: $(VENV)/.docs ## build the documentation into site/
	@$(STEP) "Documentation" env NO_MKDOCS_2_WARNING=1 $(PY) -m mkdocs build --strict --quiet

.PHONY: bench
bench: $(VENV)/.package $(VENV)/.browser $(VENV)/.kernels ## measure speed into tests/bench/RESULTS.md; ONLY="growth grid", QUICK=1 a tenth
	PYTHONPATH=$(CURDIR)/scripts $(PY) -m tests.bench $(if $(QUICK),--quick) $(ONLY:%=--only %)

# --- For work on it -------------------------------------------------------------------------------

.PHONY: format
format: $(VENV)/.dev $(VENV)/.node ## format everything, and mend what can be mended
	$(VENV)/bin/ruff check --fix-only .
	$(VENV)/bin/ruff format .
	$(FRONTEND) run format

.PHONY: schema
schema: $(VENV)/.package ## write the GraphQL schema into its file again
	$(PY) -m playground_widget.server.schema

.PHONY: reliability
reliability: $(VENV)/.dev $(VENV)/.package ## write the README's table of faults from a run of them
	PYTHONPATH=$(CURDIR) $(PY) scripts/reliability.py

.PHONY: watch
watch: $(VENV)/.node ## rebuild the front-end whenever a source changes
	$(FRONTEND) run dev

.PHONY: pictures
pictures: $(VENV)/.package $(VENV)/.browser ## take the README's pictures from a real notebook
	$(PY) scripts/take_pictures.py

.PHONY: lock
lock: $(VENV)/.dev ## pin the newest versions of everything
	$(PY) -m pip install --quiet uv
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" scripts/lock.sh

.PHONY: clean
clean: ## remove everything that was set up or built
	rm -rf $(VENV) .kernels .lab42 js/node_modules playground_widget/static dist site

# --- Set-up: a file in the environment marks each step that is done -------------------------------

# One after the other; what `checks` runs together is set up by then.
ifndef TOGETHER
.NOTPARALLEL:
endif

$(VENV)/pyvenv.cfg:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed; name one with PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "No virtual environment could be made. On Debian: apt-get install python3-venv"; exit 1; }

# Everything is pinned, what others need included, so that nothing is to be found out.
INSTALL := $(PY) scripts/install_packages.py --no-deps

$(VENV)/.lab: requirements/lab.txt | $(VENV)/pyvenv.cfg
	@$(STEP) "Packages for JupyterLab" $(INSTALL) -r requirements/lab.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(VENV)/.lab
	@$(STEP) "Packages for tests" $(INSTALL) -r requirements/dev.txt
	@touch $@

$(VENV)/.docs: requirements/docs.txt | $(VENV)/.dev
	@$(STEP) "Packages for the documentation" $(INSTALL) -r requirements/docs.txt
	@touch $@

$(VENV)/.node: requirements/node.txt | $(VENV)/pyvenv.cfg
	@$(FRONTEND) node >/dev/null || $(STEP) "Node" $(INSTALL) -r requirements/node.txt
	@touch $@

# The front-end is built first, where its sizes are printed; uv and pip show nothing of a build.
$(VENV)/.package: pyproject.toml scripts/hatch_build.py $(VENV)/.lab | js
	@$(STEP) "The package" $(INSTALL) --no-build-isolation --editable .
	@touch $@

$(VENV)/.browser: scripts/find_browser.py $(VENV)/.dev
	@$(STEP) "Browser" $(PY) scripts/find_browser.py --install
	@touch $@

# Holds the folder of its programs, or nothing where there are none.
$(VENV)/.postgres: scripts/find_postgres.py | $(VENV)/pyvenv.cfg
	@$(STEP) "PostgreSQL" $(PY) scripts/find_postgres.py --install $@

$(VENV)/.kernels: scripts/make_kernels.py $(VENV)/.package
	@$(STEP) "Older kernels" $(PY) scripts/make_kernels.py
	@touch $@
