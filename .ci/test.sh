#!/bin/sh
# Sets up what the tests need, then runs them all. With CI=true nothing may be left out.
set -eu
cd "$(dirname "$0")/.."
.ci/system.sh
KERNEL=elboroom JUPYTER= .jupyter/setup.sh engine kernel spec testvenv warm mathjax
exec .venv/bin/python -m pytest .ci/tests "$@"
