"""Binder starts from what the package says it needs."""

import tomllib

from tests.tidy.rules import ROOT


def test_binder_installs_exactly_the_dependencies_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = (ROOT / "binder" / "requirements.txt").read_text().splitlines()
    assert project["dependencies"] == [line for line in lines if not line.startswith("#")]


def test_binder_names_a_python_that_the_package_accepts():
    assert "python-3.13\n" == (ROOT / "binder" / "runtime.txt").read_text()


def test_binder_runs_its_post_build_script():
    assert (ROOT / "binder" / "postBuild").stat().st_mode & 0o111
