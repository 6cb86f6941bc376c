"""JupyterLab and Notebook 7 as a student has them: the real server, a copy of the project, a page to steer."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from conftest import ROOT

NOT_COPIED = (".git", ".venv", "out", "node_modules", "__pycache__", ".ipynb_checkpoints", ".ci")
START_SECONDS = 60
RUN_SECONDS = 240
DRAW_SECONDS = 30


def copy_project(folder):
    """The project in a folder whose path has a space, so that nothing a test saves reaches the lessons."""
    target = folder / "a student's copy"
    shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(*NOT_COPIED))
    return target


class Server:
    """A Jupyter server on a free loopback port: app is "lab" or "notebook"."""

    def __init__(self, app, project, env):
        self.app = app
        self.project = project
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.token = secrets.token_hex(16)
        module, traits = {
            "lab": ("jupyterlab", ["--LabApp.expose_app_in_browser=True"]),
            "notebook": ("notebook", ["--JupyterNotebookApp.expose_app_in_browser=True"]),
        }[app]
        self.log = open(project / f"{app}.log", "w+", encoding="utf-8")
        root = ["--allow-root"] if os.name == "posix" and os.geteuid() == 0 else []
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", module, "--no-browser", f"--port={self.port}"),
                *("--ServerApp.port_retries=0", f"--IdentityProvider.token={self.token}"),
                *(f"--ServerApp.root_dir={project / 'notebooks'}", *traits, *root),
            ],
            env=env,
            cwd=project,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        self._wait()

    def _wait(self):
        began = time.monotonic()
        while time.monotonic() - began < START_SECONDS and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api", timeout=2).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        self.log.seek(0)
        raise RuntimeError(f"Jupyter did not start:\n{self.log.read()}")

    def url(self, notebook):
        """A page with this notebook open and no other."""
        workspace = secrets.token_hex(4)
        path = f"lab/workspaces/{workspace}/tree/{notebook}" if self.app == "lab" else f"notebooks/{notebook}"
        return f"http://127.0.0.1:{self.port}/{path}?token={self.token}"

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


class Notebook:
    """A notebook open in a browser page, steered through the application that the page exposes."""

    def __init__(self, page, server, name):
        self.page = page
        page.set_default_timeout(DRAW_SECONDS * 1000)
        page.goto(server.url(name))
        self.wait_open()

    def wait_open(self):
        self.page.wait_for_function(
            """() => {
                const panel = window.jupyterapp?.shell.currentWidget;
                return panel?.content?.widgets?.length > 0 && panel.sessionContext?.session?.kernel?.status === "idle";
            }""",
            timeout=START_SECONDS * 1000,
        )

    def js(self, body, argument=None):
        """Evaluates body with app, panel (the notebook's) and arg at hand."""
        return self.page.evaluate(
            "async (arg) => { const app = window.jupyterapp; const panel = app.shell.currentWidget; " + body + "}",
            argument,
        )

    def run_all(self):
        self.js("await app.commands.execute('notebook:run-all-cells');")
        self.wait_idle()

    def run(self, index):
        """Runs one cell."""
        self.js("panel.content.activeCellIndex = arg; await app.commands.execute('notebook:run-cell');", index)
        self.wait_idle()

    def wait_idle(self):
        self.page.wait_for_function(
            """() => {
                const panel = window.jupyterapp.shell.currentWidget;
                return panel.sessionContext.session.kernel.status === "idle"
                    && panel.content.widgets.every((cell) => !cell.node.querySelector(".jp-InputPrompt")?.textContent.includes("*"));
            }""",
            timeout=RUN_SECONDS * 1000,
        )

    def errors(self):
        """The names of the errors among the outputs."""
        return self.js(
            """return panel.content.widgets.flatMap((cell) => {
                const outputs = cell.model.sharedModel.outputs || [];
                return outputs.filter((o) => o.output_type === "error").map((o) => o.ename + ": " + o.evalue);
            });"""
        )

    def figure_cells(self):
        """The indices of the cells whose outputs hold figures."""
        return self.js(
            """return panel.content.widgets.map((cell, i) => [cell, i]).filter(([cell]) =>
                (cell.model.sharedModel.outputs || []).some((o) =>
                    [o.data?.["text/html"]].flat().join("").includes('class="elboroom"'))).map(([, i]) => i);"""
        )

    def setup_cell(self):
        """The index of the cell that calls vizlib.Setup."""
        return self.js("return panel.content.widgets.findIndex((cell) => cell.model.sharedModel.source.includes('vizlib.Setup()'));")

    def show(self, index):
        """Scrolls a cell's figures into view and returns a locator of them."""
        self.js("await panel.content.scrollToItem(arg, 'center');", index)
        self.js("panel.content.widgets[arg].node.querySelector('.jp-OutputArea')?.scrollIntoView({block: 'center'});", index)
        self.page.evaluate("() => { for (const n of document.querySelectorAll('[data-test-cell]')) n.removeAttribute('data-test-cell'); }")
        self.js("panel.content.widgets[arg].node.setAttribute('data-test-cell', '');", index)
        return self.page.locator("[data-test-cell] .elboroom")

    def save(self):
        self.js("await panel.context.save();")

    def reload(self):
        self.page.reload()
        self.wait_open()

    def close(self):
        self.js("await panel.sessionContext.shutdown();")
        self.page.close()
