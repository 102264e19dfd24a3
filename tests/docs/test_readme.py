"""What README.md shows as Python runs, from top to bottom, as one session."""

import re
import sys
import types
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"
PYTHON_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def python_blocks(text):
    """Each block as code whose line numbers are those of the page, so that a traceback points into it."""
    return ["\n" * text.count("\n", 0, block.start(1)) + block[1] for block in PYTHON_BLOCK.finditer(text)]


def test_a_block_keeps_its_line_numbers():
    assert ["\n\n\nx = 1\n", "\n\n\n\n\n\nx\n"] == python_blocks(
        "# Title\n\n```python\nx = 1\n```\n```python\nx\n```\n"
    )


def test_the_blocks_of_the_readme_run_in_order(tmp_path, monkeypatch):
    blocks = python_blocks(README.read_text(encoding="utf-8"))
    monkeypatch.chdir(tmp_path)
    # A module that can be found, as the reader's own would be: dataclasses look theirs up.
    session = types.ModuleType("readme")
    monkeypatch.setitem(sys.modules, "readme", session)
    for block in blocks:
        exec(compile(block, str(README), "exec"), vars(session))
    assert blocks, "README.md shows no ```python block"
