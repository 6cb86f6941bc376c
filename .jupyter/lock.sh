#!/bin/sh
# Renews requirements.txt and requirements-test.txt from the short .in files beside them:
#	UV=path/to/uv .jupyter/lock.sh
# Every version is pinned with its hashes, for every Python from 3.10 on and every platform.
set -eu
cd "$(dirname "$0")"
compile() {
	"${UV:-uv}" pip compile --quiet --universal --python-version 3.10 --generate-hashes --upgrade --no-header "$@"
}
heading() {
	printf '# Written by .jupyter/lock.sh from %s; change that file and run the script again.\n' "$1"
}
compile -o requirements.txt requirements.in
compile -o requirements-test.txt -c requirements.txt requirements-test.in
for name in requirements requirements-test; do
	{ heading "$name.in"; cat "$name.txt"; } >"$name.new"
	mv "$name.new" "$name.txt"
done
