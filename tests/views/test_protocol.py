"""The shapes of Python and those of the browser have the same fields."""

import re
from pathlib import Path

import pytest

from phasm_lab.views import recoveries_shapes, run_shapes, search_shapes, shapes

PROTOCOL = Path(__file__).parents[2] / "widgets" / "protocol.ts"
SHARED = [
    "Answer", "Chip", "Choices", "Code", "Form", "Graph", "Group", "Header", "Panel", "Problem", "PropertyLine", "Row",
    "Comparison", "ComparisonRow", "End", "EndLine", "LegendEntry", "Link", "Matrix", "MatrixCell", "MatrixColumn",
    "MatrixRow", "Moment", "MomentChange", "Run", "RunOption", "SavedRecoveries", "SavedTraits", "VerdictPart",
    "Opening", "Progress", "Ruler", "Search", "Section", "Thread", "Timeline", "Tree", "Verdict", "View",
]  # fmt: skip


def fields_of(name):
    """The fields of an interface, those of the objects inside it left out."""
    text = re.sub(r"/\*.*?\*/", "", PROTOCOL.read_text(encoding="utf-8"), flags=re.DOTALL)
    body = re.search(rf"export interface {name} \{{(.*?)\n\}}", text, re.DOTALL)[1]
    while re.search(r"\{[^{}]*\}", body):
        body = re.sub(r"\{[^{}]*\}", "", body)
    return set(re.findall(r"(\w+)\??:", body))


@pytest.mark.parametrize("name", SHARED)
def test_a_shape_has_the_fields_of_its_twin(name):
    shape = next(
        getattr(home, name) for home in (shapes, run_shapes, search_shapes, recoveries_shapes) if hasattr(home, name)
    )

    assert fields_of(name) == set(shape.__annotations__)
