"""Every demo as `make figures` runs it: a file of each kind, which other programs can open."""

import re
import shutil
import subprocess

import pytest
from conftest import ROOT, go, succeed

LISTED = go("list", "-f", '{{if eq .Name "main"}}{{.ImportPath}}{{end}}', "./demos/...").stdout.split()
DEMOS = sorted(path.removeprefix("elboroom/demos/") for path in LISTED)


@pytest.mark.parametrize("demo", DEMOS)
def test_demo(demo, tmp_path, lacking):
    said = succeed("go", "run", f"./demos/{demo}", "-out", str(tmp_path / "a b"))
    written = {path.suffix: path for path in (tmp_path / "a b").iterdir()}
    assert {".svg", ".pdf", ".png", ".gif", ".html"} <= written.keys()
    for path in written.values():
        assert path.name in said, f"{path.name} was written and not told of"
    if shutil.which("pdftoppm") is None:
        lacking("there is no pdftoppm to open PDF with; install poppler-utils")
    words = succeed("pdfinfo", str(written[".pdf"]))
    assert re.search(r"Pages:\s+[1-9]", words)
    succeed("pdftoppm", "-png", "-r", "36", str(written[".pdf"]), str(tmp_path / "page"))


@pytest.mark.parametrize("demo", DEMOS)
def test_demo_says_what_is_wrong(demo, tmp_path):
    """A folder that cannot be written is one sentence, not a trace."""
    (tmp_path / "file").write_text("")
    done = subprocess.run(
        ["go", "run", f"./demos/{demo}", "-out", str(tmp_path / "file/below")], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "goroutine" not in done.stderr and len(done.stderr.strip().splitlines()) <= 2, done.stderr
