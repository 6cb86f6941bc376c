"""Each lesson in real JupyterLab and Notebook 7 with the network blocked: run, looked at, played, reloaded."""

import sys

import nbformat
import pytest
from conftest import ROOT, succeed
from figures import assert_drawn, assert_plays_and_scrubs, is_movie
from jupyterserver import Notebook, Server, copy_project

LESSONS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def project(tmp_path_factory, jupyter_env):
    copy = copy_project(tmp_path_factory.mktemp("student"))
    saved = [str(copy / "notebooks" / name) for name in LESSONS]
    succeed(sys.executable, "-m", "nbformat.sign", *saved, env=jupyter_env)
    return copy


@pytest.fixture(scope="module")
def lab(project, jupyter_env):
    server = Server("lab", project, jupyter_env)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def classic(project, jupyter_env):
    server = Server("notebook", project, jupyter_env)
    yield server
    server.stop()


def assert_every_figure_drawn(notebook, pictures=None):
    """Every figure of the notebook is drawn; pictures(i) says where to keep a screenshot of the i-th."""
    count = 0
    for cell in notebook.figure_cells():
        roots = notebook.show(cell)
        for k in range(roots.count()):
            assert_drawn(roots.nth(k))
            if pictures:
                roots.nth(k).screenshot(path=pictures(count))
            count += 1
    assert count > 0, "there is no figure"


def assert_poster(root):
    """The figure is a still picture, and says what makes it more."""
    poster = root.locator(".elboroom-poster")
    poster.wait_for(state="visible")
    assert poster.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }") > 0
    hint = root.locator(".elboroom-hint")
    hint.wait_for(state="visible")
    assert "set-up cell" in hint.inner_text()


def first_movie(notebook):
    for cell in notebook.figure_cells():
        roots = notebook.show(cell)
        for k in range(roots.count()):
            assert_drawn(roots.nth(k))
            if is_movie(roots.nth(k)):
                return roots.nth(k)
    raise AssertionError("there is no movie")


def assert_nothing_wrong(offline):
    assert offline.asked == [], "the page asked for the network"
    assert offline.faults() == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_lesson_in_lab(lesson, lab, offline, screens):
    name = lesson.removesuffix(".ipynb")
    notebook = Notebook(offline.page(), lab, lesson)
    assert_every_figure_drawn(notebook)  # as saved, before anything has run
    notebook.page.screenshot(path=screens / f"lab-{name}-opened.png")
    notebook.run_all()
    assert notebook.errors() == []
    assert_every_figure_drawn(notebook, lambda i: screens / f"lab-{name}-figure-{i:02}.png")
    assert_plays_and_scrubs(first_movie(notebook))
    notebook.page.screenshot(path=screens / f"lab-{name}-movie.png")
    notebook.close()
    assert_nothing_wrong(offline)


@pytest.mark.parametrize("lesson", LESSONS)
def test_lesson_in_notebook_7(lesson, classic, offline, screens):
    name = lesson.removesuffix(".ipynb")
    notebook = Notebook(offline.page(), classic, lesson)
    notebook.run_all()
    assert notebook.errors() == []
    assert_every_figure_drawn(notebook)
    assert_plays_and_scrubs(first_movie(notebook))
    notebook.page.screenshot(path=screens / f"notebook7-{name}.png")
    notebook.close()
    assert_nothing_wrong(offline)


@pytest.mark.parametrize("lesson", LESSONS[:1])
def test_parts_of_a_lesson_run_alone(lesson, lab, offline):
    """Loaded again after a run: only the first figure's cell, only the last, only the set-up cell."""
    notebook = Notebook(offline.page(), lab, lesson)
    notebook.run_all()
    cells = notebook.figure_cells()
    for cell in (cells[0], cells[-1], notebook.setup_cell()):
        notebook.save()
        notebook.reload()
        notebook.run(cell)
        assert notebook.errors() == []
        assert_every_figure_drawn(notebook)
    notebook.close()
    assert_nothing_wrong(offline)


@pytest.mark.parametrize("lesson", LESSONS[:1])
def test_without_the_setup_output(lesson, lab, offline, screens):
    """A lesson saved without its engine keeps every poster, and says what to run."""
    notebook = Notebook(offline.page(), lab, lesson)
    notebook.js("panel.content.widgets[arg].model.clearExecution();", notebook.setup_cell())
    notebook.save()
    notebook.reload()
    for cell in notebook.figure_cells():
        assert_poster(notebook.show(cell).first)
    notebook.page.screenshot(path=screens / "lab-without-engine.png")
    notebook.run(notebook.setup_cell())
    assert_every_figure_drawn(notebook)
    notebook.close()
    assert_nothing_wrong(offline)


@pytest.mark.parametrize("lesson", LESSONS[:1])
def test_untrusted_lesson(lesson, lab, project, offline, screens):
    """Saved outputs that nobody has signed keep their posters, since JupyterLab lets no script of theirs run."""
    stranger = nbformat.read(project / "notebooks" / lesson, as_version=4)
    stranger.cells.append(nbformat.v4.new_markdown_cell("A line that changes the signature."))
    nbformat.write(stranger, project / "notebooks/untrusted.ipynb")
    notebook = Notebook(offline.page(), lab, "untrusted.ipynb")
    cells = notebook.figure_cells()
    assert cells, "there is no figure"
    for cell in cells:
        assert_poster(notebook.show(cell).first)
    notebook.page.screenshot(path=screens / "lab-untrusted.png")
    notebook.run_all()
    assert notebook.errors() == []
    assert_every_figure_drawn(notebook)
    notebook.close()
    assert_nothing_wrong(offline)
