"""Runs the lessons on the kernel and saves them in place: notebooks.py [--check] [NOTEBOOK …]

Without names it takes every notebook in notebooks/. What varies from run to run without meaning
anything (times, versions, how a stream was cut into messages) is left out of the saved file, so that
running a lesson again changes no byte. A cell with the tag "live" measures this machine: it runs, and
nothing of what it shows is saved. --check saves nothing and says which lessons would change.
"""

import argparse
import os
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parent.parent
KERNELSPEC = {"display_name": "Go (gonb)", "language": "go", "name": "gonb"}
LANGUAGE = {"file_extension": ".go", "mimetype": "text/x-go", "name": "go"}
CELL_SECONDS = 120


def joined(outputs):
    """The outputs, with neighbouring pieces of one stream made one."""
    kept = []
    for output in outputs:
        last = kept[-1] if kept else None
        if last and output.output_type == "stream" == last.output_type and output.name == last.name:
            last.text += output.text
        else:
            kept.append(output)
    return kept


def settled(notebook):
    """The notebook with nothing in it that varies from run to run."""
    notebook.metadata = {"kernelspec": dict(KERNELSPEC), "language_info": dict(LANGUAGE)}
    for cell in notebook.cells:
        for key in ("execution", "trusted", "collapsed", "scrolled", "ExecuteTime"):
            cell.metadata.pop(key, None)
        if cell.cell_type == "code":
            live = "live" in cell.metadata.get("tags", [])
            cell.outputs = [] if live else joined(cell.outputs)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def text(notebook):
    """The bytes of a notebook file."""
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def executed(path):
    """The text that the notebook at path has once it has been run."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook,
        kernel_name="gonb",
        timeout=CELL_SECONDS,
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    return text(settled(notebook))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="save nothing, say what would change")
    parser.add_argument("notebooks", nargs="*", type=Path)
    arguments = parser.parse_args()
    os.environ["JUPYTER_PATH"] = str(ROOT / ".jupyter/share")
    stale = 0
    for path in arguments.notebooks or sorted((ROOT / "notebooks").glob("*.ipynb")):
        began = time.monotonic()
        try:
            after = executed(path)
        except CellExecutionError as error:
            print(f"{path}: a cell failed\n{error}", file=sys.stderr)
            stale += 1
            continue
        seconds = time.monotonic() - began
        changed = after != path.read_text(encoding="utf-8")
        if changed and arguments.check:
            stale += 1
        elif changed:
            path.write_text(after, encoding="utf-8")
        verdict = "as saved" if not changed else "would change" if arguments.check else "saved anew"
        print(f"{path.name}: {verdict}, {seconds:.1f} s, {len(after.encode()) / 1e6:.2f} MB")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
