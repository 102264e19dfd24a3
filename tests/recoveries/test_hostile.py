"""What a user's values look like in sentences, tables and JSON: one line each, and never too long."""

from dataclasses import dataclass

import pytest

import phasm_lab as pl
from tests.recoveries import seeded

HOSTILE = ["<script>alert(1)</script>", "two\nlines", "\x1b[31mred", "\u202eturned", "x" * 5_000, ""]


@dataclass(frozen=True)
class Note:
    text: str


def noting(text):
    async def stf(state, input, actions):
        if isinstance(input, pl.Normal):
            state.pending.add(text)
            actions.add(pl.Tracked(text, Note(text)))

    async def restore(state, actions):
        raise KeyError(f"{text}{len(state.pending)}{len(actions)}")

    return seeded.scenario(stf=stf, restore=restore, perform=lambda _bank, _action, _choose: text)


def texts(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for part in value for text in texts(part)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("text", HOSTILE)
def test_every_text_of_a_matrix_is_one_line_of_moderate_length(text):
    matrix = pl.crash_matrix(noting(text), storage_faults=True)
    assert {"R", "S", "A", "?"} >= {cell.outcome.letter for cell in matrix.cells if cell.is_point}
    for shown in [*texts(matrix.to_json()), *str(matrix).splitlines()]:
        assert shown.isprintable()
        assert len(shown) < 900


@pytest.mark.parametrize("text", HOSTILE)
def test_every_text_of_a_comparison_is_one_line_of_moderate_length(text):
    found = pl.compare_recoveries(noting(text)).comparison
    assert found.verdict.isprintable()
    assert len(found.verdict) < 900
    for line in str(found).splitlines():
        assert line.isprintable()
        assert len(line) < 900
    for shown in texts(found.to_json()):
        assert shown.isprintable()
        assert len(shown) < 900


def test_a_run_with_a_probe_in_it_is_crashed_at_its_other_steps():
    lab = pl.Lab(seeded.scenario(perform=seeded.perform_by_key))
    lab.fire("pay")
    lab.run()
    lab.deliver(1, "charged", probe=True)
    matrix = pl.crash_matrix(lab.scenario, lab)
    assert 5 == len(matrix.rows)
    assert {False} == {cell.is_point for cell in matrix.rows[-1].cells.values()}
