# make report: from a clean clone to reports/html/index.html; make test: the tests; make slow: those
# that take minutes;
# make bench: the quick timings of HEAD, and a summary; make cost: what the catalogue's variants
# cost beside auto; make corpus: every probe asked of the corpus; make compare-checkers:
# reports/checkers.md; make strangers: functions that argand has never seen, reports/strangers.md;
# make compare-peers: z·exp(z) against JAX and PyTorch (SUBJECTS="…" SIZE=… for others).
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
INSTALLED := .venv/installed
PEERS := .venv-peers
SUBJECTS ?= z_exp_z
SIZE ?= 1000000

export TF_CPP_MIN_LOG_LEVEL ?= 3

.PHONY: report test slow bench cost lint corpus compare-checkers compare-peers strangers picture clean
.DEFAULT_GOAL := test

# Rebuilt only when what is to be installed changes; the lock holds plain names and versions.
$(INSTALLED): pyproject.toml requirements.lock
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --progress-bar off -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	test -e $(HOME)/.asv-machine.json || $(BIN)/asv machine --yes >/dev/null  # else asv asks, or gives up
	touch $@

test: $(INSTALLED)
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow"  # what a file shares is made once

# Every right variant of the catalogue, of first and second order, and 500 drawn programs.
slow: $(INSTALLED)
	$(BIN)/python -m pytest -n 2 -m slow
	$(BIN)/python -m benchmarks.scripts.fuzz 500

# Each step keeps what has not changed: a second run makes only what is missing. A benchmark that
# fails, other than for a wrong gradient, makes make fail, and the page is written all the same.
report: $(INSTALLED)
	$(BIN)/argand sweep
	$(BIN)/python -m benchmarks.scripts.bench; timed=$$?; $(BIN)/argand report && exit $$timed

bench: $(INSTALLED)
	$(BIN)/python -m benchmarks.scripts.bench

cost: $(INSTALLED)
	$(BIN)/python -m benchmarks.scripts.cost

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# An environment of its own: PyTorch and JAX are gigabytes that no test needs.
$(PEERS)/installed: pyproject.toml requirements.lock
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --progress-bar off -r requirements.lock
	$(PEERS)/bin/python -m pip install --progress-bar off --editable '.[peers]'
	touch $@

# Every probe, all modes: some twenty minutes, for a release.
corpus: $(INSTALLED)
	PYTHONPATH=tests/check $(BIN)/python -m corpus.whole

# 300 functions, 60 of them altered, 80 special points: half an hour or more; goes on where it was.
strangers: $(INSTALLED)
	$(BIN)/python -m benchmarks.scripts.strangers
	$(BIN)/python -m benchmarks.scripts.strangers --altered
	$(BIN)/python -m benchmarks.scripts.special

compare-checkers: $(PEERS)/installed
	PYTHONPATH=tests/check $(PEERS)/bin/python -m corpus.compare

compare-peers: $(PEERS)/installed
	$(PEERS)/bin/python -m benchmarks.scripts.against $(SUBJECTS) --size $(SIZE)

# The README's picture: the first screen of the page that is there.
picture: $(INSTALLED)
	chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1280,800 \
	  --screenshot=reports/page.png file://$(CURDIR)/reports/html/index.html
	$(BIN)/python -c "from PIL import Image; p = 'reports/page.png'; \
	  Image.open(p).convert('RGB').quantize(48).save(p, optimize=True)"

clean:
	rm -rf .venv $(PEERS) .asv build dist reports/html reports/sweep
