# The two commands of a newcomer are `make demo` and `make test`; both set up `.venv` first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
KERNELS := hatch_build.py $(wildcard src/netgain/engine/native/*.h src/netgain/engine/native/*.cc)
WORKERS ?= auto

.PHONY: demo test lint bench results pictures notebooks clean
.DELETE_ON_ERROR:
unexport PYTHONDONTWRITEBYTECODE  # the next run reads what this one has compiled, most of all the tests

demo: $(VENV)/netgain.stamp
	$(BIN)/netgain data fetch mnist
	$(BIN)/netgain study dropout --seeds 5 --report dropout.html

test: $(VENV)/test.stamp
	$(MAKE) --no-print-directory lint
	$(BIN)/netgain data fetch mnist
	$(BIN)/python -m pytest -n $(WORKERS)

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright

# Hours at full size; what is finished is kept in results.db. `python -m catalogue --help` has smaller things.
results: $(VENV)/netgain.stamp
	$(BIN)/netgain data fetch mnist
	$(BIN)/python -m catalogue

bench: $(VENV)/netgain.stamp .venv-peers/stamp
	$(BIN)/netgain data fetch mnist
	$(BIN)/python -m benchmarks

# The pictures of the README and the docs, from what the store STORE holds; needs chromium.
STORE ?= netgain.db
pictures: $(VENV)/test.stamp
	$(BIN)/python docs/make_pictures.py $(STORE)

# The notebooks of examples/notebooks/ from their texts, which are run for it.
notebooks: $(VENV)/test.stamp
	$(BIN)/netgain data fetch mnist
	$(BIN)/python examples/notebooks/make_notebooks.py

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("netgain needs Python 3.11 or newer, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/netgain.stamp: pyproject.toml constraints.txt $(KERNELS) | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/test.stamp: pyproject.toml constraints.txt $(KERNELS) | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch $@ $(VENV)/netgain.stamp

# The peers of the benchmarks stay out of netgain's own environment.
.venv-peers/stamp: benchmarks/peers.txt
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/peers.txt
	touch $@

clean:
	rm -rf $(VENV) .venv-peers
