"""What the tests of the exports need."""

import os
import shutil

import pytest


@pytest.fixture
def dot():
    """The program that draws, which a machine may lack."""
    if shutil.which("dot") is None:
        give_up = pytest.fail if "CI" in os.environ else pytest.skip
        give_up("dot is not there: `make test` installs Graphviz as root")
