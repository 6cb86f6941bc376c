"""The kernel as a student meets it in JupyterLab and Notebook 7: errors, stop, restart, input, completion, signatures."""

import re

import nbformat
import pytest
from jupyterserver import DRAW_SECONDS, Notebook, Server
from playwright.sync_api import TimeoutError as NotYet
from playwright.sync_api import expect

PATIENCE = DRAW_SECONDS * 1000


@pytest.fixture(scope="module", params=["lab", "notebook"])
def server(request, tmp_path_factory, jupyter_env):
    folder = tmp_path_factory.mktemp("kernel") / "a student's folder"
    (folder / "notebooks").mkdir(parents=True)
    server = Server(request.param, folder, jupyter_env)
    yield server
    server.stop()


class Cells(Notebook):
    """A small notebook open in a page, worked by keys and buttons."""

    def cell(self, i):
        return self.page.locator(".jp-Notebook .jp-CodeCell").nth(i)

    def output(self, i):
        return self.cell(i).locator(".jp-OutputArea")

    def editor(self, i):
        editor = self.cell(i).locator(".cm-content")
        editor.click()
        return editor

    def shift_enter(self, i):
        """Runs a cell without waiting for its end."""
        self.editor(i).press("Shift+Enter")

    def shows(self, i, text):
        expect(self.output(i)).to_contain_text(text, timeout=PATIENCE)

    def press(self, button):
        """Presses a button of the notebook's toolbar, and says yes if it asks."""
        self.page.locator(f".jp-NotebookPanel [data-jp-item-name='{button}']").click()
        if button.startswith("restart"):
            self.page.locator(".jp-Dialog .jp-mod-accept").click()
            self.page.locator(".jp-Dialog").wait_for(state="detached")

    def errors_text(self, i):
        """What stands in the cell's error output, which has no colours and no markup of its own."""
        error = self.output(i).locator("[data-mime-type='application/vnd.jupyter.stderr'], [data-mime-type='application/vnd.jupyter.error']")
        error.wait_for()
        text = error.inner_text()
        assert "\x1b" not in text
        assert error.locator("pre *").count() == 0, error.inner_html()
        return text


@pytest.fixture
def opened(server, offline, request):
    """Opens a notebook with these cells; what the page asked of the network is looked at in the end."""
    books = []

    def open_cells(*texts):
        nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in texts])
        nb.metadata.kernelspec = {"name": "gonb", "display_name": "Go", "language": "go"}
        name = re.sub(r"\W+", "-", request.node.originalname) + ".ipynb"
        nbformat.write(nb, server.project / "notebooks" / name)
        books.append(Cells(offline.page(), server, name))
        return books[-1]

    yield open_cells
    for book in books:
        book.close()
    assert offline.asked == [], "the page asked for the network"


def assert_caret(text, source, word):
    """The line stands in the text, and below it a caret at the word."""
    lines = text.splitlines()
    at = next(i for i, line in enumerate(lines) if source in line)
    assert lines[at + 1].strip() == "^", text
    assert lines[at + 1].index("^") == lines[at].index(word), text


def test_errors_point_at_the_line(server, opened, screens):
    book = opened('fmt.Println("hello")', "%%\nfmt.Println(1)\nfmt.Println(nowhere)", "%%\nvar a []int\nfmt.Println(a[len(os.Args)])", "6 * 7")
    book.shift_enter(0)
    book.shows(0, "hello")
    book.shift_enter(1)
    book.shows(1, "cell 2, line 3: undefined: nowhere")
    assert_caret(book.errors_text(1), "fmt.Println(nowhere)", "nowhere")
    book.shift_enter(2)
    book.shows(2, "cell 3, line 3: runtime error: index out of range [1] with length 0")
    assert "fmt.Println(a[len(os.Args)])" in book.errors_text(2)
    book.shift_enter(3)
    book.shows(3, "42")
    book.page.screenshot(path=screens / f"kernel-{server.app}-errors.png")


def test_stop_and_restart(server, opened, screens):
    book = opened("func seven() int { return 7 }", "seven()", '%%\nfmt.Println("on and on")\nfor {\n}', "seven() + 1")
    book.run(0)
    book.shift_enter(2)
    book.shows(2, "on and on")
    book.press("interrupt")
    book.shows(2, "cell 2 was interrupted")
    book.shift_enter(3)
    book.shows(3, "8")
    book.press("restart")
    book.wait_open()
    book.shift_enter(1)
    book.shows(1, "cell 1, line 1: undefined: seven")
    book.js("panel.content.widgets[2].model.sharedModel.setSource(arg);", '%%\nfmt.Println("short")')
    book.press("restart-and-run")
    book.shows(3, "8")
    expect(book.cell(3).locator(".jp-InputPrompt")).to_have_text("[4]:", timeout=PATIENCE)
    book.shows(2, "short")
    book.shows(1, "7")
    assert book.errors() == []
    book.page.screenshot(path=screens / f"kernel-{server.app}-run-again.png")


def test_input_is_asked_for(server, opened, screens):
    book = opened('%%\nvar name string\nfmt.Print("Who? ")\nfmt.Scanln(&name)\nfmt.Println("good day,", name)')
    book.shift_enter(0)
    box = book.cell(0).locator("input.jp-Stdin-input")
    box.wait_for()
    book.page.screenshot(path=screens / f"kernel-{server.app}-input.png")
    box.fill("Ada")
    box.press("Enter")
    book.shows(0, "good day, Ada")
    assert book.errors() == []


def until_shown(pop_up, ask):
    """Asks again for a pop-up that Jupyter gave up on, as it does after a second on a busy machine."""
    for _ in range(6):
        ask()
        try:
            pop_up.wait_for(timeout=PATIENCE / 6)
            return
        except NotYet:
            continue
    raise AssertionError("nothing popped up")


def test_completion_and_signature(server, opened, screens):
    book = opened("", "1 + 1")
    book.run(1)
    editor = book.editor(0)
    editor.press_sequentially("fmt.")
    until_shown(book.page.locator(".jp-Completer"), lambda: editor.press("Tab"))
    expect(book.page.locator(".jp-Completer-item .jp-Completer-match", has_text=re.compile("^Println$"))).to_have_count(1)
    book.page.screenshot(path=screens / f"kernel-{server.app}-completion.png")
    editor.press("Escape")
    editor.press_sequentially("Println(")
    tip = book.page.locator(".jp-Tooltip")
    until_shown(tip, lambda: editor.press("Shift+Tab"))
    expect(tip).to_contain_text("func Println(a ...any)")
    book.page.screenshot(path=screens / f"kernel-{server.app}-signature.png")
