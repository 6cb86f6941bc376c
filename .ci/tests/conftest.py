"""What the tests share: where things stand, a quiet Jupyter, a browser without a network, and what was left out.

A test that lacks a tool calls lacking(): with CI=true that is a failure; elsewhere the test is left
out, and the last lines of the run say which tests and how to get the tool.
"""

import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CI = os.environ.get("CI", "").lower() in ("1", "true")
LEFT_OUT = pytest.StashKey[dict]()
GO_TALLY = pytest.StashKey[dict]()


def pytest_configure(config):
    config.stash[LEFT_OUT] = {}
    config.stash[GO_TALLY] = {}


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter, config):
    if passed := config.stash[GO_TALLY].get("passed"):
        terminalreporter.write_line(f"Go tests within these: {passed} passed")
    if left_out := config.stash[LEFT_OUT]:
        terminalreporter.section("left out")
        for sentence, tests in left_out.items():
            terminalreporter.write_line(f"{', '.join(f'{name} ({n})' for name, n in tests.items())}: {sentence}")


@pytest.fixture(scope="session")
def go_tally(pytestconfig):
    """Counts the Go tests that passed inside the tests here."""
    return pytestconfig.stash[GO_TALLY]


@pytest.fixture
def left_out(request):
    """Notes for the end of the run that something was left out, and how to get it."""

    def note(sentence):
        tests = request.config.stash[LEFT_OUT].setdefault(sentence, Counter())
        tests[request.node.originalname] += 1

    return note


@pytest.fixture
def lacking(left_out):
    """Ends a test for want of a tool; the sentence says what is missing and how to get it."""

    def end(sentence):
        if CI:
            pytest.fail(sentence)
        left_out(sentence)
        pytest.skip(sentence)

    return end


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def jupyter_env(tmp_path_factory):
    """The environment in which Jupyter finds our kernel and nothing of the user's."""
    home = tmp_path_factory.mktemp("jupyter")
    return dict(
        os.environ,
        JUPYTER_PATH=str(ROOT / ".jupyter/share"),
        JUPYTER_CONFIG_PATH=str(ROOT / ".jupyter/config"),
        JUPYTER_CONFIG_DIR=str(home / "config"),
        JUPYTER_DATA_DIR=str(home / "data"),
        JUPYTER_RUNTIME_DIR=str(home / "runtime"),
        JUPYTERLAB_SETTINGS_DIR=str(home / "settings"),
        JUPYTERLAB_WORKSPACES_DIR=str(home / "workspaces"),
        IPYTHONDIR=str(home / "ipython"),
    )


def chromium_path():
    """The Chromium on this machine, or None."""
    names = [os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    for name in filter(None, names):
        if found := shutil.which(name):
            return found
    apple = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    return apple if os.path.exists(apple) else None


@pytest.fixture(scope="session")
def browser_process():
    """One Chromium for the session, or None where there is none."""
    path = chromium_path()
    if path is None:
        yield None
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--force-color-profile=srgb",
            ],
        )
        yield browser
        browser.close()


class Offline:
    """A browser context that reaches loopback and files only; what else was asked for is in asked."""

    def __init__(self, context):
        self.context = context
        self.asked = []
        self.errors = []
        context.route("**/*", self._route)

    def _route(self, route):
        url = route.request.url
        if url.startswith(("http://127.0.0.1:", "http://localhost:", "file:", "data:", "blob:", "about:")):
            route.continue_()
        else:
            self.asked.append(url)
            route.abort()

    def page(self):
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.errors.append((str(error), error.stack or "")))
        page.on("console", lambda m: self.errors.append((m.text, m.location["url"])) if m.type == "error" else None)
        return page

    def faults(self):
        """The errors of the figures' scripts: not of Jupyter's own, which come from its /static/ files, and
        not of a file that was not there."""
        return [
            text
            for text, where in self.errors
            if "/static/" not in where and not text.startswith("Failed to load resource")
        ]


@pytest.fixture
def offline(browser_process, lacking):
    """A fresh Offline browser context, 1400×1000."""
    if browser_process is None:
        lacking("there is no Chromium; install the package chromium, or name one with CHROMIUM=…")
    context = browser_process.new_context(viewport={"width": 1400, "height": 1000})
    yield Offline(context)
    context.close()


@pytest.fixture(scope="session")
def screens():
    """The folder that screenshots are kept in, for looking at."""
    folder = ROOT / "out/screens"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """A folder with pages and fragments of a movie, a figure, panels and an explorer."""
    folder = tmp_path_factory.mktemp("player")
    succeeded(go("run", "./.ci/tests/player", str(folder)))
    return folder


@pytest.fixture(scope="session")
def engine(pages):
    """The script that puts the engine on a page."""
    return re.search(r"<script>.*</script>", (pages / "movie.html").read_text(encoding="utf-8"), re.DOTALL).group()


@pytest.fixture(scope="session")
def fragment(pages):
    """The HTML of a figure by its name."""
    return lambda name: (pages / f"{name}.fragment").read_text(encoding="utf-8")


@pytest.fixture
def show(offline, pages):
    """Opens a page of the given name or of the given body, and checks at the end that all was quiet."""

    def open_page(name=None, body=None, width=1100, init=None):
        page = offline.page()
        page.set_viewport_size({"width": width, "height": 900})
        if init:
            page.add_init_script(init)
        path = pages / f"{name}.html"
        if body is not None:
            path = pages / "body.html"
            path.write_text(f"<!DOCTYPE html><meta charset=utf-8><link rel=icon href='data:,'><body>{body}", encoding="utf-8")
        page.goto(path.as_uri())
        return page

    yield open_page
    assert offline.asked == [], "a page asked for the network"
    assert offline.errors == [], "a page reported errors"


def succeeded(done):
    """What a command printed; one that failed ends the test with it."""
    if done.returncode != 0:
        pytest.fail(f"{' '.join(map(str, done.args))}\n{done.stdout}{done.stderr}", pytrace=False)
    return done.stdout


def succeed(*words, env=None):
    """Runs a command in the project that must succeed, and returns what it printed."""
    return succeeded(subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, timeout=1200))


def go(*words, env=None, timeout=1200):
    """Runs the go command in the project and returns what came of it."""
    return subprocess.run(["go", *words], cwd=ROOT, env=env, timeout=timeout, capture_output=True, text=True)
