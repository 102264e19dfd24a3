"""The pytest plugin prints the steps of a machine that did not pass, and nothing else."""

import tomllib
from pathlib import Path

import pytest

pytest_plugins = "pytester"

PLUGIN = "phasm_lab.pytest_plugin"


@pytest.fixture
def run(pytester, monkeypatch):
    """A function that runs the text of a test under the plugin and no other."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run_test(*lines):
        pytester.makepyfile(
            "\n".join(["import phasm_lab as pl", "", "def test_it():", *(f"    {line}" for line in lines)])
        )
        return pytester.runpytest_subprocess("-p", PLUGIN, "-p", "no:cacheprovider", "--tb=short")

    return run_test


def test_a_finding_is_a_section_with_its_steps_and_the_calls_that_take_them(run):
    result = run(
        "from phasm_lab.examples.payments import payments_charging_again as scenario",
        "pl.check(scenario).assert_passed()",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*- PHASM Lab: broken-property -*",
            "no_card_is_charged_twice is broken",
            "payments charging again · 5 steps",
            "*5  perform 1, 'charged' * returns 'charged' · charged?1?: 1 → 2",
            "the same in Python:",
            "lab = pl.Lab(scenario)",
            'lab.fire(Pay("ada", 500), crash="after commit", number=1)',
            "lab.recover()",
            "lab.dispatch(1)",
            'lab.perform(1, "charged")',
            'lab.perform(1, "charged")',
            "*- PHASM Lab: changed-outcome -*",
        ],
        consecutive=False,
    )


def test_a_message_of_several_lines_is_one_line_of_its_section(run):
    result = run(
        "from phasm_lab.examples.payments import payments as sound",
        "@pl.always",
        "def nothing_is_charged(here): return True if not here.environment.charged else 'charged:\\n  ' + 'once'",
        "pl.check(pl.Scenario(sound.machine, inputs=sound.inputs, environment=sound.environment,",
        "    properties=[nothing_is_charged])).assert_passed()",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*- PHASM Lab: broken-property -*", "nothing_is_charged is broken: charged: ⏎ once"])


def test_the_printed_calls_take_the_run():
    import phasm_lab as pl
    from phasm_lab.examples.payments import payments_charging_again
    from phasm_lab.pytest_plugin import _calls

    finding = pl.check(payments_charging_again).findings[0]
    names = {"pl": pl, "scenario": payments_charging_again, "Pay": type(payments_charging_again.inputs[0])}
    exec(_calls(finding), names)
    assert [step.event for step in finding.trace] == [step.event for step in names["lab"].trace]


@pytest.mark.parametrize(
    "line",
    [
        "raise AssertionError('one of another kind')",
        "raise pl.CheckFailedError('without a report')",
    ],
)
def test_another_failure_has_no_section(run, line):
    result = run(line)
    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*PHASM Lab: *")


FAILS = (
    "from phasm_lab.examples.payments import payments_charging_again as scenario",
    "def fail(): pl.check(scenario).assert_passed()",
)


@pytest.mark.parametrize(
    "lines",
    [
        ("try: fail()", "except pl.CheckFailedError as error: raise ValueError('not sound') from error"),
        ("try: fail()", "finally: {}['a']"),
        ("try: fail()", "except pl.CheckFailedError as error: raise ExceptionGroup('many', [KeyError('a'), error])"),
    ],
)
def test_a_failed_check_behind_another_error_has_its_sections_once(run, lines):
    result = run(*FAILS, *lines)
    result.assert_outcomes(failed=1)
    assert 1 == result.stdout.str().count("PHASM Lab: broken-property")


def test_a_failed_check_that_is_hidden_on_purpose_has_no_section(run):
    result = run(*FAILS, "try: fail()", "except pl.CheckFailedError: raise ValueError('not sound') from None")
    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*PHASM Lab: *")


def test_a_search_that_ended_early_and_found_nothing_has_no_section(run):
    result = run("from phasm_lab.examples.lease import lease", "pl.check(lease, limit=100).assert_passed()")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*CheckFailedError: lease: nothing found · 100 configurations*"])
    result.stdout.no_fnmatch_line("*PHASM Lab: *")


def test_it_loads_nothing_of_the_lab_for_tests_that_use_none(pytester, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(
        """
        import sys

        def test_it():
            assert ["phasm_lab", "phasm_lab.pytest_plugin"] == sorted(n for n in sys.modules if n.startswith("phasm_lab"))
        """
    )
    pytester.runpytest_subprocess("-p", PLUGIN, "-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_pytest_finds_it_wherever_phasm_lab_is_installed():
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {"phasm_lab": PLUGIN} == project["entry-points"]["pytest11"]
