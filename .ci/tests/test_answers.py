"""The folded answers of the lessons, put in the place of what a student is to write, pass their checkers."""

import re

import nbformat
import pytest
from conftest import ROOT
from nbclient import NotebookClient

LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CALL = re.compile(r"^check\.\w+\(", re.MULTILINE)
ANSWER = re.compile(r"```go\n(.*?)```", re.DOTALL)


def declarations(source):
    """What a cell adds to those after it, with nothing to run."""
    return source.partition("%%")[0] + "\n%%\n"


def answered(source, answer):
    """An exercise's cell with the answer in place of what it asks for."""
    head, _, body = source.partition("%%")
    imports = "".join(f"{line}\n" for line in head.splitlines() if line.startswith("import "))
    return imports + (answer if "%%" in answer else f"{answer}%%{body}")


def solved(path):
    """The lesson's declarations and exercises alone, the exercises with their answers; and which cells those are."""
    notebook = nbformat.read(path, as_version=4)
    kept, exercises, waiting = [], [], None
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            if waiting is not None and (found := ANSWER.search(cell.source)):
                waiting.source = answered(waiting.source, found[1])
                waiting = None
            continue
        if cell.id.startswith("exercise") and CALL.search(cell.source):
            assert waiting is None, f"{path.name}: {waiting.id} has no answer"
            waiting = cell
            exercises.append(cell)
        else:
            cell.source = declarations(cell.source)
        kept.append(cell)
    assert waiting is None, f"{path.name}: {waiting.id} has no answer"
    notebook.cells = kept
    return notebook, exercises


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_answers_pass(path, jupyter_env, monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", jupyter_env["JUPYTER_PATH"])
    notebook, exercises = solved(path)
    assert exercises, "a lesson has exercises that check themselves"
    where = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, kernel_name="gonb", timeout=120, resources=where).execute(env=jupyter_env)
    for cell in exercises:
        said = "".join(output.get("text", "") for output in cell.outputs if output.output_type == "stream")
        assert "✓" in said and "✗" not in said, f"{path.name}, {cell.id}: {said}"
