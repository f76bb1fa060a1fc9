# make run    install, migrate, load the course, make the questions, serve on http://127.0.0.1:8000
# make setup  the same without serving          make test   install what tests need, run them
# make demo   add a demonstration class to look around in
# make check  lint and types                    make messages  find the words to translate, compile locale/ (GNU gettext)
PYTHON ?= python3.11
PORT ?= 8000
HOST ?= 127.0.0.1
BIN = .venv/bin
MANAGE = $(BIN)/python manage.py
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: run setup demo test check messages
.DEFAULT_GOAL = run

run: setup
	@$(BIN)/python -c 'from config.ports import refuse_unusable; refuse_unusable("$(HOST)", "$(PORT)")'
	@echo "Jingdu is on http://$(HOST):$(PORT)/  (Ctrl+C stops it). A class to look around in: make demo"
	@exec $(BIN)/gunicorn --config config/gunicorn.py --bind $(HOST):$(PORT) config.wsgi

setup: .venv/installed
	@$(MANAGE) setup

demo: setup
	@$(MANAGE) demo

test: .venv/installed-for-tests
	@$(BIN)/pytest -q

check: .venv/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check $$(git ls-files 'templates/*.html')
	$(BIN)/mypy
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) check

# After a change of words: run it, translate what is empty or fuzzy in locale/, run it again, commit .po and .mo.
messages: .venv/installed
	$(MANAGE) makemessages --locale en --locale zh_Hant --locale zh_Hans --no-obsolete --add-location file --no-wrap \
	  --ignore .venv --ignore tests --ignore data --ignore staticfiles --ignore benchmarks --ignore '*.egg-info'
	$(MANAGE) compilemessages --ignore .venv

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Jingdu needs Python 3.11 or newer: $(PYTHON) was not found (try make PYTHON=python3)."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Jingdu needs Python 3.11 or newer; $(PYTHON) is older."; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "$(PYTHON) cannot make a virtual environment (on Debian: apt install python3.11-venv)."; exit 1; }

.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	@echo "Installing..."
	@$(PIP) --editable '.[postgres]'
	@touch $@

.venv/installed-for-tests: .venv/installed
	@echo "Installing what tests need..."
	@$(PIP) --editable '.[postgres,test,e2e,lint]'
	@touch $@
