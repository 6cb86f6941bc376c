#!/bin/sh
# Installs the system packages that tests use, where that can be done: as root on Debian and its kin.
# Elsewhere the tests that lack one say so when they end.
set -eu
lacking=
need() {
	package=$1
	shift
	for command; do
		if command -v "$command" >/dev/null; then return 0; fi
	done
	lacking="$lacking $package"
}
need chromium "${CHROMIUM:-chromium}" chromium-browser google-chrome google-chrome-stable
need ffmpeg ffmpeg
need poppler-utils pdftoppm
need gcc gcc cc clang
if [ -n "$lacking" ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
	echo "elboroom: installing$lacking for the tests"
	export DEBIAN_FRONTEND=noninteractive
	# shellcheck disable=SC2086 # a list of words
	{ apt-get update -qq && apt-get install -y -qq --no-install-recommends $lacking libc6-dev; } >/dev/null ||
		echo "elboroom: apt-get could not install$lacking" >&2
fi
