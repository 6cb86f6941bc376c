#!/bin/sh
# What must stand before anything runs, a step each:
#	.jupyter/setup.sh engine kernel spec venv trust warm
# A step that is up to date costs next to nothing and needs no network.
# PYTHON names the Python to use, KERNEL=gonb a real GoNB, JUPYTER a Jupyter of one's own.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
stamps=$root/.jupyter/share/stamps
mkdir -p "$stamps"

say() { printf '%s\n' "elboroom: $*"; }
stop() {
	printf '%s\n' "elboroom: $*" >&2
	exit 1
}

# quietly runs a command and shows what it printed only if it fails.
quietly() {
	log=$(mktemp)
	if "$@" >"$log" 2>&1; then
		rm -f "$log"
		return 0
	fi
	cat "$log" >&2
	offline='dial tcp|no such host|connection refused|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|Failed to establish|Could not resolve|network is unreachable|i/o timeout|proxyconnect|Cannot connect to proxy|No matching distribution'
	if grep -qE "$offline" "$log"; then
		say "the network could not be reached. It is needed once: connect, or set your proxy, and run the same command again." >&2
	fi
	rm -f "$log"
	return 1
}

go_ready() {
	command -v go >/dev/null || stop "Go is missing. Install Go 1.26 or newer from https://go.dev/dl and see that 'go version' answers."
	# Go from 1.21 on fetches the toolchain that go.mod asks for, unless it is told not to.
	found=$(go version 2>&1) || stop "Go is too old and could not fetch a newer one ($found). Install Go 1.26 or newer from https://go.dev/dl."
	minor=$(printf '%s' "$found" | sed -nE 's/.*go1\.([0-9]+).*/\1/p')
	[ "${minor:-99}" -ge 26 ] || stop "Go is too old: found $found. Install Go 1.26 or newer from https://go.dev/dl."
}

# engine bundles ECharts for the interactive figures, from npm.
engine() {
	if ! command -v npm >/dev/null; then
		say "npm is missing, so interactive figures will load ECharts from its public CDN. To have them work without a network, install Node.js 18 or newer (https://nodejs.org) and run this again."
		return 0
	fi
	mark=$(find vizlib/bundle -name node_modules -prune -o -type f -print | LC_ALL=C sort | while read -r f; do cksum "$f"; done)
	if ls vizlib/engine/*.gz >/dev/null 2>&1 && [ "$mark" = "$(cat "$stamps/engine" 2>/dev/null)" ]; then
		return 0
	fi
	say "bundling ECharts from npm for the interactive figures"
	quietly npm --prefix vizlib/bundle ci --no-audit --no-fund --fetch-retries=1 && quietly npm --prefix vizlib/bundle run build || {
		[ -z "${CI:-}" ] || stop "ECharts could not be bundled; what npm said stands above."
		say "ECharts could not be bundled (what npm said stands above), so interactive figures will load it from its public CDN. Run this again to have them work without a network." >&2
		return 0
	}
	printf '%s\n' "$mark" >"$stamps/engine"
}

# kernel builds our Jupyter kernel; Go itself knows whether there is anything to do.
kernel() {
	go_ready
	[ -x .jupyter/bin/elboroom-kernel ] || say "building the kernel (a minute the first time)"
	quietly go build -o .jupyter/bin/elboroom-kernel ./kernel || stop "the kernel could not be built; what Go said stands above."
}

# spec writes the kernelspec named gonb into the folder that JUPYTER_PATH hands to Jupyter.
spec() {
	if [ "${KERNEL:-elboroom}" = elboroom ]; then
		rm -rf .jupyter/share/kernels
		quietly .jupyter/bin/elboroom-kernel install --data-dir .jupyter/share --name gonb || stop "the kernel could not be installed into .jupyter/share."
		return 0
	fi
	[ "$KERNEL" = gonb ] || stop "KERNEL=$KERNEL is not known: leave it out for the kernel of this project, or say KERNEL=gonb for a real GoNB."
	real=$(command -v gonb) || stop "KERNEL=gonb asks for a real GoNB, and there is no gonb on PATH. Install it (https://github.com/janpfeifer/gonb), or leave KERNEL out to use the kernel of this project."
	for tool in goimports gopls; do
		command -v "$tool" >/dev/null || say "GoNB wants $tool on PATH too: go install golang.org/x/tools/$(case $tool in gopls) echo gopls ;; *) echo cmd/goimports ;; esac)@latest"
	done
	rm -rf .jupyter/share/kernels
	mkdir -p .jupyter/share/kernels/gonb
	json=$(printf '%s' "$real" | sed 's/[\\"]/\\&/g')
	printf '{"argv": ["%s", "--kernel", "{connection_file}"], "display_name": "Go (real GoNB)", "language": "go", "interrupt_mode": "message", "env": {}}\n' "$json" >.jupyter/share/kernels/gonb/kernel.json
	say "the lessons run on the GoNB at $real"
}

# python_ready sets python to one that is new enough and can make an environment.
python_ready() {
	python=
	for name in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11 python3.10; do
		if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
			python=$name
			break
		fi
	done
	if [ -z "$python" ]; then
		found=$("${PYTHON:-python3}" --version 2>/dev/null) || stop "Python is missing. Install Python 3.10 or newer (https://www.python.org/downloads), or use a Jupyter that you have: make lab JUPYTER=jupyter"
		stop "Python is too old: found $found. Install Python 3.10 or newer, name one with PYTHON=…, or use a Jupyter that you have: make lab JUPYTER=jupyter"
	fi
	"$python" -c 'import venv, ensurepip' 2>/dev/null || stop "Python's venv module is missing. On Debian and Ubuntu: apt install python3-venv. Or use a Jupyter that you have: make lab JUPYTER=jupyter"
}

# environment makes .venv, or brings it up to date, from the requirements files named.
environment() {
	if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
		python_ready
		rm -rf .venv
		say "making a Python environment in .venv"
		quietly "$python" -m venv .venv || stop "Python could not make .venv; what it said stands above."
	fi
	for name; do
		if ! cmp -s ".jupyter/$name.txt" ".venv/$name.txt"; then
			say "installing $name (a minute or two the first time)"
			quietly .venv/bin/python -m pip install --disable-pip-version-check --quiet --require-hashes -r ".jupyter/$name.txt" ||
				stop "pip could not install what .jupyter/$name.txt lists; what it said stands above."
			cp ".jupyter/$name.txt" ".venv/$name.txt"
		fi
	done
}

venv() { [ -n "${JUPYTER:-}" ] || environment requirements; }
testvenv() { environment requirements requirements-test; }

# mathjax fetches MathJax from npm for make html.
mathjax() {
	if ! command -v npm >/dev/null; then
		say "npm is missing, so the pages will load MathJax from its public CDN. To have them work without a network, install Node.js 18 or newer (https://nodejs.org) and run this again."
		return 0
	fi
	cmp -s .jupyter/mathjax/package-lock.json "$stamps/mathjax" && [ -d .jupyter/mathjax/node_modules ] && return 0
	say "fetching MathJax from npm for the pages"
	quietly npm --prefix .jupyter/mathjax ci --no-audit --no-fund --fetch-retries=1 || stop "npm could not fetch MathJax; what it said stands above."
	cp .jupyter/mathjax/package-lock.json "$stamps/mathjax"
}

# trust signs the lessons, so that JupyterLab draws their saved figures.
trust() {
	set -- notebooks/*.ipynb
	[ -e "$1" ] || return 0
	if [ -n "${JUPYTER:-}" ]; then
		quietly "$JUPYTER" trust "$@"
	else
		quietly .venv/bin/python -m nbformat.sign "$@"
	fi || say "the lessons could not be marked as trusted: run a lesson's cells to see its figures."
}

# warm compiles what cells import, so that the first cell answers at once.
warm() {
	go_ready
	quietly go build ./... ||
		say "the packages that lessons import could not all be built; what Go said stands above, and cells that import them will fail." >&2
}

for step; do "$step"; done
