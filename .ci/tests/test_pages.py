"""The lessons as pages opened from file:// with the network blocked: those of make html, and nbconvert's own."""

import sys

import pytest
from conftest import ROOT, succeed
from figures import assert_drawn, assert_plays_and_scrubs, is_movie

LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))

lessons = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The folder that make html writes, under a path with a space."""
    folder = tmp_path_factory.mktemp("pages") / "out of reach"
    succeed(sys.executable, str(ROOT / ".jupyter/pages.py"), str(folder))
    return folder


def figures_of(page):
    roots = page.locator(".elboroom")
    count = roots.count()
    assert count > 0, "there is no figure"
    return [roots.nth(i) for i in range(count)]


@lessons
def test_page_of_make_html(path, pages, offline, screens, lacking):
    if not (pages / "mathjax.js").exists():
        lacking("formulas on the pages need MathJax from npm; install Node.js 18 or newer (https://nodejs.org)")
    page = offline.page()
    page.goto((pages / f"{path.stem}.html").as_uri())
    page.wait_for_function("() => window.MathJax?.startup?.promise")
    page.evaluate("() => MathJax.startup.promise")
    assert page.locator("mjx-container").count() > 0
    assert page.locator("mjx-merror, [data-mjx-error]").count() == 0
    left = page.locator(".jp-RenderedMarkdown").evaluate_all(
        "(cells) => cells.filter((c) => [...c.querySelectorAll('p, li')].some((p) => p.innerText.includes('$'))).map((c) => c.innerText.slice(0, 200))"
    )
    assert left == [], "formulas that were not typeset"
    figures = figures_of(page)
    for root in figures:
        assert_drawn(root)
    assert_plays_and_scrubs(next(root for root in figures if is_movie(root)))
    page.screenshot(path=screens / f"page-{path.stem}.png", full_page=True)
    for link in page.locator("main a[href]").evaluate_all("(links) => links.map((a) => a.getAttribute('href'))"):
        if "://" not in link and not link.startswith("#") and link.split("#")[0].endswith(".html"):
            assert (pages / link.split("#")[0]).exists(), f"a link to {link}"
    assert offline.asked == [], "the page asked for the network"
    assert offline.faults() == []


@lessons
def test_page_of_nbconvert(path, offline, tmp_path):
    """nbconvert's own page asks for RequireJS and MathJax, and gets neither; the figures are drawn all the same."""
    succeed(sys.executable, "-m", "nbconvert", "--to", "html", "--output-dir", str(tmp_path), str(path))
    page = offline.page()
    page.goto((tmp_path / f"{path.stem}.html").as_uri())
    for root in figures_of(page):
        assert_drawn(root)
    assert [url for url in offline.asked if "require" not in url and "mathjax" not in url.lower()] == []
