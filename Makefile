# Two commands matter: `make book` and `make test`. `make help` lists the rest.
#
# PYTHON    the Python to build the environment with (3.11 or newer)
# VENV      where the environment lives
# PIP_ARGS  extra arguments to pip, e.g. the address of an index with a CPU build of torch
# JOBS      how many test processes run side by side (one thread each)

PYTHON ?= python3
VENV ?= .venv
PIP_ARGS ?=
JOBS ?= 2
NAME ?=

ENVIRONMENT := $(VENV)/bin/python
INSTALLED := $(VENV)/.relubook-installed
GRADING := $(VENV)/.relubook-grading-installed
RAY := $(VENV)/.relubook-ray-installed
PIP := $(ENVIRONMENT) -m pip install --disable-pip-version-check

# Small networks train fastest on one thread, and one thread makes numbers repeatable.
export OMP_NUM_THREADS = 1
# The tests start a hundred processes: what one has compiled is kept for the next, as by default.
test: export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help book test serve check notebooks assignments links pdf picture records bench faults clean

help:  ## list these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1: \2/p' $(MAKEFILE_LIST)

# --no-compile: compiling every module of every package takes a minute; an import compiles its own.
$(INSTALLED): requirements.txt constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "relubook needs Python 3.11 or newer. Try: make PYTHON=python3.11")'
	@test -x $(ENVIRONMENT) || $(PYTHON) -m venv $(VENV)
	$(PIP) --no-compile $(PIP_ARGS) -r requirements.txt -c constraints.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# What instructors need besides, and the tests, which hand assignments in and grade them.
$(GRADING): requirements-assignments.txt constraints.txt $(INSTALLED)
	$(PIP) --no-compile $(PIP_ARGS) -r requirements-assignments.txt -c constraints.txt
	@touch $@

# The engine that trains on a cluster, and the tests, which start one.
$(RAY): requirements-ray.txt constraints.txt $(INSTALLED)
	$(PIP) --no-compile $(PIP_ARGS) -r requirements-ray.txt -c constraints.txt
	@touch $@

book: $(INSTALLED)  ## build the book; ends by naming the page to open
	@$(ENVIRONMENT) tools/build_book.py

test: $(INSTALLED) $(GRADING) $(RAY)  ## run every test; ends by naming what was left out
	@$(ENVIRONMENT) -m pytest tests chapters assignments --nbval --nbval-current-env \
	  --nbval-cell-timeout=900 --numprocesses $(JOBS) --dist loadfile --no-loadscope-reorder

serve: book  ## serve the built book at http://localhost:8000
	@$(ENVIRONMENT) -m http.server 8000 --bind 127.0.0.1 --directory _build/html

check: $(INSTALLED) $(GRADING) $(RAY)  ## lint, formatting, types, layers
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/basedpyright --pythonpath $(ENVIRONMENT)
	$(VENV)/bin/lint-imports

notebooks: $(INSTALLED)  ## run every chapter and assignment top to bottom and store its outputs
	$(ENVIRONMENT) tools/run_notebooks.py $(NAME)

assignments: $(GRADING)  ## make what students get, and a course ready to grade
	@$(ENVIRONMENT) tools/build_assignments.py

links: $(INSTALLED)  ## follow every link that leads out of the book (needs a network)
	@$(VENV)/bin/jupyter-book build . --builder linkcheck --path-output _build/links

pdf: book  ## print the whole book into _build/relubook.pdf (needs Chromium)
	@$(ENVIRONMENT) tools/make_pdf.py

picture: book  ## take the picture of the explorer anew, from the built chapter (needs Chromium)
	@$(ENVIRONMENT) tools/take_picture.py

records: $(INSTALLED)  ## make the committed laptop records again (hours on two cores)
	for name in initialization figure-3 figure-3-quick settling depth-and-l1 skipping-zeros; do \
	  $(VENV)/bin/relubook reproduce $$name --scale laptop --data mnist || exit; done
	for name in responses at-rest read-back equal-accuracy small-changes code-size separability \
	  distributed-codes region-counts local-linearity; do \
	  $(VENV)/bin/relubook reproduce $$name --scale laptop --data mnist || exit; done
	for name in gradient-flow gradient-credit active-paths dying sign-trick growth rescaled; do \
	  $(VENV)/bin/relubook reproduce $$name --scale laptop --data mnist || exit; done
	for name in relatives shared-signs little-data thinned denoiser table-1 figure-4 \
	  reconstruction since-2011; do \
	  $(VENV)/bin/relubook reproduce $$name --scale laptop --data mnist || exit; done
	for data in norb mnist cifar10 mnist-5k; do \
	  $(VENV)/bin/relubook reproduce softplus-alpha --scale laptop --data $$data || exit; done
	for data in norb cifar10 nistp mnist-5k; do \
	  $(VENV)/bin/relubook reproduce table-1 --scale laptop --data $$data || exit; done
	$(VENV)/bin/relubook reproduce figure-4 --scale laptop --data norb
	for name in figure-1 working-range hinges noise-threshold collapse factors folding \
	  training-map born-dead centered-inputs; do \
	  $(VENV)/bin/relubook reproduce $$name --scale laptop || exit; done
	for name in figure-3 figure-3-quick settling depth-and-l1 unit-cost relatives \
	  normalized-starts clipping; do \
	  $(VENV)/bin/relubook reproduce $$name --scale laptop --data mnist-5k || exit; done
	for data in imdb clothing restaurants; do \
	  $(VENV)/bin/relubook reproduce table-2 --scale laptop --data $$data || exit; done
	for name in representation review-reader; do \
	  $(VENV)/bin/relubook reproduce $$name --scale laptop --data imdb || exit; done
	$(VENV)/bin/relubook reproduce amazon --scale laptop --data amazon-5000
	$(VENV)/bin/relubook reproduce table-2-quick --scale laptop
	for data in mnist mnist-5k cifar10 nistp norb reviews; do \
	  $(VENV)/bin/relubook reproduce learnability --scale laptop --data $$data || exit; done
	cp relubook-records/*.json relubook-records/*.npz src/relubook/records/data/

bench: $(INSTALLED)  ## measure the training step against its peers and store the record
	$(ENVIRONMENT) -m benchmarks

faults: $(RAY)  ## let all faults happen to a Ray cluster and to this machine, and count what is lost (an hour)
	$(ENVIRONMENT) -m benchmarks faults

clean:  ## remove the built book and all caches, keep the environment
	rm -rf _build build dist .hypothesis .ruff_cache .import_linter_cache
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
