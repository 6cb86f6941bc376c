"""The commands of the Makefile as a person types them."""

import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest
from conftest import ROOT

SECONDS_TO_START = 60


def make(*words, env=None):
    return subprocess.run(["make", *words], cwd=ROOT, env=env, capture_output=True, text=True, timeout=600)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def test_help_names_every_target():
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    said = make("help").stdout
    for target in targets:
        assert target == "help" or f"make {target} " in said


def test_lab_opens(jupyter_env):
    """The second run: everything is set up, and JupyterLab answers on the port asked for, without a network."""
    port = free_port()
    nowhere = {name: "http://127.0.0.1:9" for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")}
    env = jupyter_env | nowhere | {"GOPROXY": "off"}
    lab = subprocess.Popen(
        ["make", "lab", f"PORT={port}", "BROWSER=none", "ARGS=--IdentityProvider.token=t"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        began = time.monotonic()
        while time.monotonic() - began < SECONDS_TO_START and lab.poll() is None:
            try:
                request = urllib.request.Request(f"http://127.0.0.1:{port}/api/kernelspecs", headers={"Authorization": "token t"})
                opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
                with opener.open(request, timeout=5) as answer:
                    assert '"gonb"' in answer.read().decode()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        os.killpg(lab.pid, signal.SIGKILL)
        pytest.fail(f"make lab did not open:\n{lab.stdout.read().decode()}", pytrace=False)
    finally:
        if lab.poll() is None:
            os.killpg(lab.pid, signal.SIGTERM)
            lab.wait(30)
        lab.stdout.close()


@pytest.mark.parametrize(
    "words, sentence",
    [
        (["KERNEL=other"], "KERNEL=other is not known"),
        (["JUPYTER=no-such-jupyter"], "JUPYTER=no-such-jupyter is not on PATH"),
    ],
)
def test_lab_says_what_is_wrong(words, sentence, jupyter_env):
    done = make("lab", "BROWSER=none", *words, env=jupyter_env)
    assert done.returncode != 0
    assert sentence in done.stderr


def test_busy_port(jupyter_env):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = make("lab", "BROWSER=none", f"PORT={taken.getsockname()[1]}", env=jupyter_env)
    assert done.returncode != 0
    assert "is busy" in done.stderr
