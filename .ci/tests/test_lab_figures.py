"""What a host does to figures that stand in it: JupyterLab's dark theme, views, far scrolling, cleared and moved cells."""

import sys

import nbformat
import pytest
from conftest import Offline, succeed
from figures import PICTURE, assert_drawn
from jupyterserver import DRAW_SECONDS, Notebook, Server
from playwright.sync_api import expect

PATIENCE = DRAW_SECONDS * 1000
FAR = 60  # cells between two figures: more than Lab keeps in the page


def output(html):
    return nbformat.v4.new_output("display_data", {"text/html": html, "text/plain": "a figure"})


@pytest.fixture(scope="module")
def server(tmp_path_factory, jupyter_env, engine, fragment):
    folder = tmp_path_factory.mktemp("figures") / "a student's folder"
    (folder / "notebooks").mkdir(parents=True)
    code = nbformat.v4.new_code_cell
    cells = [
        code("// the engine", outputs=[output(engine)]),
        *(code(f"// {name}", outputs=[output(fragment(name))]) for name in ("movie", "panels")),
        *(nbformat.v4.new_markdown_cell(f"## Part {i}\n\nWords.") for i in range(FAR)),
        code("// explorer", outputs=[output(fragment("explorer"))]),
    ]
    path = folder / "notebooks/figures.ipynb"
    spec = {"name": "gonb", "language": "go", "display_name": "Go"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec, "language_info": {"name": "go"}}), path)
    succeed(sys.executable, "-m", "nbformat.sign", str(path), env=jupyter_env)
    server = Server("lab", folder, jupyter_env)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def opened(server, browser_process):
    """The notebook, opened once: each test leaves it as it was."""
    if browser_process is None:
        yield None
        return
    offline = Offline(browser_process.new_context(viewport={"width": 1400, "height": 1000}))
    yield Notebook(offline.page(), server, "figures.ipynb"), offline
    offline.context.close()


@pytest.fixture
def lab(opened, lacking):
    if opened is None:
        lacking("there is no Chromium; install the package chromium, or name one with CHROMIUM=…")
    notebook, offline = opened
    yield notebook
    assert offline.asked == [], "the page asked for the network"
    assert offline.faults() == []


def theme(notebook, name):
    notebook.js("await app.commands.execute('apputils:change-theme', { theme: arg });", name)
    notebook.page.wait_for_function("(light) => document.body.dataset.jpThemeLight === light", arg=str("Light" in name).lower())
    notebook.page.wait_for_timeout(500)


def brightness(root):
    """The mean of what a root shows on the screen, from 0 to 255."""
    return root.evaluate("""(root) => {
        const c = root.querySelector("canvas"), d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
        let sum = 0, n = 0;
        for (let i = 0; i < d.length; i += 4 * 97) { sum += d[i] + d[i + 1] + d[i + 2]; n += 3; }
        return sum / n;
    }""")


def test_figures_and_posters_follow_the_theme(lab, screens):
    panels = lab.show(2).first
    assert_drawn(panels)
    light = panels.evaluate(PICTURE)
    assert brightness(panels) > 200
    theme(lab, "JupyterLab Dark")
    assert brightness(panels) < 80, "a glare in a dark room"
    assert panels.evaluate("(r) => getComputedStyle(r.querySelector('.elboroom-title')).color") == "rgb(237, 237, 237)"
    lab.page.screenshot(path=screens / "lab-dark-panels.png")
    explorer = lab.show(FAR + 3).first  # drawn for the first time in the dark
    assert_drawn(explorer)
    assert brightness(explorer) < 80
    lab.page.screenshot(path=screens / "lab-dark-explorer.png")
    theme(lab, "JupyterLab Light")
    panels = lab.show(2).first  # was away while the theme changed
    assert_drawn(panels)
    assert panels.evaluate(PICTURE) == light
    theme(lab, "JupyterLab Dark")
    poster = panels.locator(".elboroom-poster")  # as it is before there is an engine
    assert "invert" in poster.evaluate("(p) => getComputedStyle(p).filter")
    lab.page.emulate_media(media="print")
    assert poster.evaluate("(p) => getComputedStyle(p).filter") == "none"
    lab.page.emulate_media(media="screen")
    theme(lab, "JupyterLab Light")


def test_keys_and_far_scrolling(lab):
    movie = lab.show(1).first
    assert_drawn(movie)
    cells = lab.js("return panel.content.widgets.length;")
    play = movie.locator(".elboroom-play")
    play.focus()
    before = play.get_attribute("aria-label")
    lab.page.keyboard.press("Enter")
    assert play.get_attribute("aria-label") != before, "Lab took Enter for its own"
    lab.page.keyboard.press("Space")
    assert play.get_attribute("aria-label") == before
    movie.focus()
    lab.page.keyboard.press("End")
    lab.page.keyboard.press("ArrowLeft")
    assert movie.locator(".elboroom-scrub").input_value() == "38"
    assert lab.js("return panel.content.widgets.length;") == cells
    assert lab.js("return panel.content.mode;") == "command"
    panels = lab.show(2).first
    assert_drawn(panels)
    picture = panels.evaluate(PICTURE)
    for _ in range(2):
        lab.show(FAR + 3)
        expect(lab.page.locator("[data-test-cell] .elboroom-drawn")).to_be_visible(timeout=PATIENCE)
        panels = lab.show(2).first
        assert_drawn(panels)
        assert panels.evaluate(PICTURE) == picture


def test_two_views_and_an_output_of_its_own(lab):
    assert_drawn(lab.show(2).first)
    lab.js("panel.content.activeCellIndex = 2; await app.commands.execute('notebook:create-output-view');")
    assert_drawn(lab.page.locator(".jp-LinkedOutputView .elboroom"))
    lab.js("await app.commands.execute('application:close');")
    lab.wait_open()
    lab.js("await app.commands.execute('docmanager:clone');")
    lab.page.wait_for_function("() => document.querySelectorAll('.jp-NotebookPanel').length === 2")
    lab.wait_open()
    assert_drawn(lab.show(2).first)
    play(lab, 1)
    lab.js("await app.commands.execute('application:close');")
    assert_gone(lab)
    lab.wait_open()
    assert_drawn(lab.show(1).first)


def test_moved_and_cleared(lab):
    assert_drawn(lab.show(1).first)
    lab.js("panel.content.activeCellIndex = 1; panel.content.deselectAll(); await app.commands.execute('notebook:move-cell-down');")
    play(lab, 2)
    lab.js("await app.commands.execute('notebook:clear-all-cell-outputs');")
    assert_gone(lab)
    assert lab.page.locator(".jp-NotebookPanel .elboroom").count() == 0


def play(notebook, cell):
    """Has a cell's movie play, and keeps its slider in window.scrub."""
    movie = notebook.show(cell).first
    assert_drawn(movie)
    movie.locator(".elboroom-scrub").fill("3")
    movie.locator(".elboroom-play").click()
    expect(movie.locator(".elboroom-scrub")).not_to_have_value("3", timeout=PATIENCE)
    notebook.page.evaluate("() => { window.scrub = document.querySelector('[data-test-cell] .elboroom-scrub'); }")


def assert_gone(notebook):
    """The movie of window.scrub left the page, and stopped."""
    notebook.page.wait_for_function("() => !window.scrub.isConnected")
    stood = notebook.page.evaluate("window.scrub.value")
    notebook.page.wait_for_timeout(1500)  # longer than a frame's hold
    assert notebook.page.evaluate("window.scrub.value") == stood, "a movie that is gone plays on"
