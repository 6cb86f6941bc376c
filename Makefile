# Two commands to know: `make lab` and `make test`. `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help lab test notebooks html figures gallery bench-figures bench-kernel test-gonb clean

PYTHON ?= python3
KERNEL ?= elboroom
export PYTHON KERNEL JUPYTER PORT ARGS

help:
	@echo 'make lab        open the lessons in JupyterLab; the first run sets everything up'
	@echo '                  PORT=8899      this port and no other'
	@echo '                  BROWSER=none   open no window (or name a browser)'
	@echo '                  ARGS="…"       further words for Jupyter'
	@echo '                  JUPYTER=jupyter  use the Jupyter that you have, make none'
	@echo '                  KERNEL=gonb    run the lessons on the real GoNB found on PATH'
	@echo '                  PYTHON=…       the Python (3.10 or newer) to make .venv with'
	@echo 'make test       set up and run every test'
	@echo 'make notebooks  run every lesson and save its outputs in place'
	@echo 'make html       the lessons as pages in out/html that need no network'
	@echo 'make figures    the figures of the lecture, in every format, in out/figures'
	@echo 'make gallery    a picture and the code of every mark, in docs/gallery'
	@echo 'make bench-figures  the time that a slide takes, beside matplotlib'
	@echo 'make bench-kernel   the time that cells take, beside a real GoNB where gonb is on PATH'
	@echo 'make test-gonb      what the kernel promises, asked of the real GoNB on PATH'
	@echo 'make clean      remove what the others made, out/ included'

lab:
	@.jupyter/setup.sh engine kernel spec venv trust warm
	@.jupyter/lab.sh

test:
	@.ci/test.sh

notebooks:
	@KERNEL=elboroom JUPYTER= .jupyter/setup.sh engine kernel spec venv warm
	@.venv/bin/python .jupyter/notebooks.py

html:
	@JUPYTER= .jupyter/setup.sh venv mathjax
	@.venv/bin/python .jupyter/pages.py out/html

figures:
	@.jupyter/setup.sh engine
	@for demo in $$(go list -f '{{if eq .Name "main"}}{{.ImportPath}}{{end}}' ./demos/...); do \
		go run "$$demo" -out "out/figures/$${demo#elboroom/demos/}" || exit 1; \
	done

gallery:
	go test ./vizlib -run '^Example' -gallery ../docs/gallery

bench-figures:
	@test -x out/bench/bin/python || $(PYTHON) -m venv out/bench
	@out/bench/bin/python -m pip install --quiet --require-hashes -r vizlib/bench/requirements.txt
	@out/bench/bin/python vizlib/bench/figures.py

bench-kernel:
	@BENCH_KERNEL=15 go test -count=1 -v -run '^TestSpeed$$' ./kernel

test-gonb:
	@command -v gonb >/dev/null || { echo 'elboroom: there is no gonb on PATH. Install it (https://github.com/janpfeifer/gonb) and run this again.' >&2; exit 1; }
	@GONB=$$(command -v gonb) go test -count=1 -v -run '^TestConformance$$' ./kernel

clean:
	rm -rf .venv .jupyter/bin .jupyter/share .jupyter/mathjax/node_modules vizlib/bundle/node_modules out
	find vizlib/engine -type f ! -name .gitignore -delete
	find . -name __pycache__ -o -name .pytest_cache -o -name .ipynb_checkpoints | while read -r d; do rm -rf "$$d"; done
