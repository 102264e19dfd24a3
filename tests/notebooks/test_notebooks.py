"""The notebooks run from top to bottom in a fresh kernel, and are stored without outputs."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def read(path):
    return nbformat.read(path, as_version=4)


def name(path):
    return path.stem


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_it_runs_in_a_fresh_kernel(path, tmp_path):
    notebook = read(path)
    client = NotebookClient(
        notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    errors = [output for cell in notebook.cells for output in cell.get("outputs", []) if output.output_type == "error"]
    assert [] == errors


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_a_lab_shown_in_it_has_a_widget_a_table_and_text(path, tmp_path):
    notebook = read(path)
    NotebookClient(
        notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    shown = [
        set(output.data)
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.source.splitlines()[-1] in ("lab", "mended")
        for output in cell.outputs
        if output.output_type == "execute_result"
    ]
    assert shown
    wanted = {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    assert [wanted] * len(shown) == [wanted & kinds for kinds in shown]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_it_is_stored_without_outputs(path):
    code = [cell for cell in read(path).cells if cell.cell_type == "code"]
    assert code
    assert [] == [cell.outputs for cell in code if cell.outputs]
    assert {None} == {cell.execution_count for cell in code}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_pictures_and_links_in_it_exist(path):
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    targets = [part.split(")")[0] for part in text.split("](")[1:]]
    assert [] == [target for target in targets if not (path.parent / target).exists()]
