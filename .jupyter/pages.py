"""Writes the lessons as pages that need no network: pages.py FOLDER

Each notebook in notebooks/ becomes FOLDER/NAME.html with its saved outputs, and so do the texts beside
them (the course, the cheat sheet). MathJax is copied beside the pages, links between them lead to pages,
and index.html lists them.
"""

import argparse
import html
import re
import shutil
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter

ROOT = Path(__file__).resolve().parent.parent
MATHJAX = ROOT / ".jupyter/mathjax/node_modules/mathjax/es5/tex-svg-full.js"
# Where npm is missing: the same file of the same version from its public CDN.
MATHJAX_CDN = "https://cdn.jsdelivr.net/npm/mathjax@3.2.2/es5/tex-svg-full.js"


def title(notebook):
    """The first heading of a notebook."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            found = re.search(r"^# +(.+)$", cell.source, re.MULTILINE)
            if found:
                return found.group(1).strip()
    raise SystemExit("elboroom: a lesson has no heading of the form '# Title'")


def page(exporter, notebook, name, heading):
    """One lesson as HTML, its links to other lessons leading to their pages."""
    notebook.metadata["title"] = heading
    body, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": name}})
    return re.sub(r'(<a [^>]*href="(?:\./)?[\w-]+)\.(?:ipynb|md)(["#])', r"\1.html\2", body)


def read(path):
    """A notebook; a text in Markdown as a notebook of one cell."""
    if path.suffix == ".ipynb":
        return nbformat.read(path, as_version=4)
    text = nbformat.v4.new_markdown_cell(path.read_text(encoding="utf-8"))
    return nbformat.v4.new_notebook(cells=[text])


def main(folder):
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    mathjax = MATHJAX_CDN
    if MATHJAX.exists():
        shutil.copyfile(MATHJAX, out / "mathjax.js")
        mathjax = "mathjax.js"
    exporter = HTMLExporter(
        template_name="elboroom",
        extra_template_basedirs=[str(ROOT / ".jupyter/template")],
        mathjax_url=mathjax,
    )
    links = []
    lessons = (ROOT / "notebooks").glob("*.ipynb")
    texts = (ROOT / "notebooks").glob("*.md")
    for path in [*sorted(lessons), *sorted(texts)]:
        notebook = read(path)
        heading = title(notebook)
        target = out / f"{path.stem}.html"
        target.write_text(page(exporter, notebook, path.stem, heading), encoding="utf-8")
        links.append(f'<li><a href="{target.name}">{html.escape(heading)}</a></li>')
        print(f"wrote {target}")
    index = out / "index.html"
    index.write_text(
        '<!DOCTYPE html>\n<html lang="en"><meta charset="utf-8"><title>elboroom</title>\n'
        "<h1>The lessons</h1>\n<ul>\n" + "\n".join(links) + "\n</ul></html>\n",
        encoding="utf-8",
    )
    print(f"wrote {index}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    main(parser.parse_args().folder)
