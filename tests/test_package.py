"""The package as it is imported: light, and complete."""

import subprocess
import sys

import pytest

import phasm_lab as pl

HEAVY = ["anywidget", "asyncio", "graphviz", "ipywidgets", "networkx", "pandas", "panel", "sqlite3"]


def loaded_after(code):
    """Return which heavy packages a fresh interpreter has loaded after running some code."""
    listing = f"{code}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    return subprocess.run([sys.executable, "-c", listing], check=True, capture_output=True, text=True).stdout.split()


def test_importing_it_loads_nothing_heavy():
    assert [] == loaded_after("import phasm_lab")


def test_a_lab_at_a_prompt_loads_nothing_heavy():
    code = "import phasm_lab as pl\nfrom phasm_lab.examples.payments import payments\nprint(repr(pl.Lab(payments)), file=__import__('sys').stderr)"
    assert [] == loaded_after(code)


@pytest.mark.parametrize("name", pl.__all__)
def test_every_public_name_is_there(name):
    assert getattr(pl, name) is not None


def test_upstreams_names_are_aliases():
    assert (pl.Tracked, pl.Untracked) == (pl.TrackedAction, pl.UntrackedAction)


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(AttributeError, match="has no attribute 'Labs'; it has: AddError"):
        _ = pl.Labs
