"""The Go side: formatting, vet, staticcheck, every package's tests, and the solvers' under js/wasm."""

import json
import os
import shutil
import subprocess

import pytest
from conftest import CI, ROOT, go, succeeded

SOLVERS = ("model", "exact", "kl", "fit", "cavi", "rivals", "vae")
# Where goroutines share memory, so that the race detector has something to find.
RACY = ("cavi", "vizlib", "kernel")
# The little that go and node need: the environment that a wasm program can be handed is small.
SLIM = ("PATH", "HOME", "TMPDIR", "GOPATH", "GOCACHE", "GOMODCACHE", "GOFLAGS", "GOTOOLCHAIN", "GOROOT")


def packages():
    """The module's packages as folders relative to its root."""
    listed = go("list", "-f", "{{.Dir}}", "./...")
    if listed.returncode != 0:
        raise RuntimeError(listed.stderr)
    return sorted(os.path.relpath(folder, ROOT) for folder in listed.stdout.splitlines())


def house(package):
    return package.split(os.sep)[0]


PACKAGES = packages()
# The programs that tests here run: go's ./... passes over a folder that begins with a dot.
PROGRAMS = sorted(f"./{main.parent.relative_to(ROOT)}" for main in (ROOT / ".ci/tests").glob("*/main.go"))


def run_tests(package, *flags, env=None, tally=None):
    """Runs one package's tests, returns the tests that skipped themselves, fails with what they printed."""
    done = go("test", "-json", "-timeout=18m", *flags, f"./{package}", env=env)
    printed, skipped, passed = [], [], 0
    for line in done.stdout.splitlines():
        event = json.loads(line)
        if event["Action"] in ("output", "build-output"):
            printed.append(event["Output"])
        elif event["Action"] == "skip" and "Test" in event:
            skipped.append(event["Test"])
        elif event["Action"] == "pass" and "Test" in event:
            passed += 1
    if done.returncode != 0:
        pytest.fail(f"go test {package}\n{''.join(printed)}{done.stderr}", pytrace=False)
    if tally is not None:
        tally["passed"] = tally.get("passed", 0) + passed
    return skipped


def test_formatting():
    folders = {ROOT / house(package) for package in [*PACKAGES, ".ci"]}
    files = [str(path) for folder in folders for path in folder.rglob("*.go") if "node_modules" not in path.parts]
    done = subprocess.run(["gofmt", "-l", *files], capture_output=True, text=True)
    assert done.stdout + done.stderr == ""


def test_vet():
    succeeded(go("vet", "./...", *PROGRAMS))


def test_staticcheck():
    succeeded(go("tool", "staticcheck", "./...", *PROGRAMS))


def test_module_is_tidy(lacking):
    done = go("mod", "tidy", "-diff")
    assert done.stdout == "", "go mod tidy would change go.mod or go.sum:\n" + done.stdout
    if done.returncode != 0:
        lacking(f"go mod tidy needs the network the first time: {done.stderr}")


@pytest.mark.parametrize("package", PACKAGES)
def test_package(package, go_tally, left_out):
    for name in run_tests(package, tally=go_tally):
        assert not CI, f"{package}: {name} skipped itself, and with CI=true nothing may be left out"
        left_out(f"the Go test {package}.{name} skipped itself; go test -v ./{package} says why")


@pytest.mark.parametrize("package", [p for p in PACKAGES if house(p) in RACY])
def test_race(package, lacking):
    if go("env", "CGO_ENABLED").stdout.strip() != "1" or not any(map(shutil.which, ("gcc", "cc", "clang"))):
        lacking("the race detector needs a C compiler; install gcc")
    run_tests(package, "-race", "-short")


@pytest.mark.parametrize("package", [p for p in PACKAGES if house(p) in SOLVERS])
def test_wasm(package, lacking):
    if shutil.which("node") is None:
        lacking("there is no node to run WebAssembly in; install Node.js 18 or newer (https://nodejs.org)")
    env = {name: os.environ[name] for name in SLIM if name in os.environ}
    # go finds go_js_wasm_exec, which runs node, on PATH.
    env["PATH"] = os.path.join(go("env", "GOROOT").stdout.strip(), "lib", "wasm") + os.pathsep + env["PATH"]
    run_tests(package, "-short", env=env | {"GOOS": "js", "GOARCH": "wasm"})
