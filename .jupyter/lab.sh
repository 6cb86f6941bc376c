#!/bin/sh
# Opens JupyterLab on the lessons. PORT, BROWSER (none opens no window) and ARGS are handed on;
# JUPYTER names a Jupyter of one's own to use in place of the one in .venv.
set -eu
cd "$(dirname "$0")/.."
root=$PWD

if [ -n "${JUPYTER:-}" ]; then
	command -v "$JUPYTER" >/dev/null || {
		echo "elboroom: JUPYTER=$JUPYTER is not on PATH. Leave it out, and make lab makes its own." >&2
		exit 1
	}
	python=$(command -v python3 || true)
	set -- "$JUPYTER" lab
else
	python=$root/.venv/bin/python
	set -- "$python" -m jupyterlab
fi

if [ -n "${PORT:-}" ]; then
	set -- "$@" --port="$PORT" --ServerApp.port_retries=0
	if [ -n "$python" ] && ! "$python" -c 'import socket, sys; socket.create_server(("127.0.0.1", int(sys.argv[1]))).close()' "$PORT" 2>/dev/null; then
		echo "elboroom: port $PORT is busy or not allowed. Choose another (make lab PORT=8899), or leave PORT out and JupyterLab takes the next free one." >&2
		exit 1
	fi
fi
[ "${BROWSER:-}" != none ] || set -- "$@" --no-browser
[ "$(id -u)" -ne 0 ] || set -- "$@" --allow-root

export JUPYTER_PATH="$root/.jupyter/share${JUPYTER_PATH:+:$JUPYTER_PATH}"
export JUPYTER_CONFIG_PATH="$root/.jupyter/config${JUPYTER_CONFIG_PATH:+:$JUPYTER_CONFIG_PATH}"
echo "elboroom: opening JupyterLab on notebooks/ (Ctrl-C twice ends it; if its port is taken it uses the next one and says so)"
# shellcheck disable=SC2086 # ARGS is a list of words
exec "$@" --log-level=WARN --ServerApp.root_dir="$root/notebooks" ${ARGS:-}
