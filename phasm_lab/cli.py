"""The command line: open a scenario as an app, save it as a page, check it, compare two versions, list the examples."""

from __future__ import annotations

import argparse
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

import phasm_lab
from phasm_lab.errors import PhasmLabError
from phasm_lab.terminal import let_any_text_be_told, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phasm_lab.checks.findings import Report
    from phasm_lab.engine.scenario import Scenario
    from phasm_lab.examples.example import Example
    from phasm_lab.interpreter.interruption import Interruption
    from phasm_lab.lab.lab import Lab

__all__ = ["main"]

EXIT_BROKEN = 1
EXIT_WRONG_USE = 2
EXIT_INCOMPLETE = 3
EXIT_INTERRUPTED = 130
"""As a shell tells of a process that a Ctrl-C has ended."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code: 0 done, 2 it could not be done as asked, 130 Ctrl-C came before there was anything.

    `check` returns 0 only after a complete search that found nothing, 1 for findings, 3 for an incomplete search;
    `compare` 0 only after complete searches in which nothing got worse, 1 where something did, 3 for an incomplete one.

    Parameters
    ----------
    arguments
        Words after ``phasm-lab``; those of this process by default.
    """
    let_any_text_be_told()
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except PhasmLabError as error:
        print(f"phasm-lab: {error}", file=sys.stderr)
        return EXIT_WRONG_USE
    except KeyboardInterrupt:
        print("phasm-lab: interrupted", file=sys.stderr)
        return EXIT_INTERRUPTED


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; each sets `run`, a function of the parsed options."""
    root = argparse.ArgumentParser(
        prog="phasm-lab", description="See what a state machine does when everything goes wrong."
    )
    root.add_argument("--version", action="version", version=f"phasm-lab {phasm_lab.__version__}")
    commands = root.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_app(commands)
    _add_html(commands)
    _add_check(commands)
    _add_compare(commands)
    examples = commands.add_parser("examples", help="list the examples")
    examples.set_defaults(run=list_examples)
    return root


def _add_target(command: argparse.ArgumentParser) -> None:
    command.add_argument("target", metavar="FILE.py:NAME", help="a Python file and the name of a Scenario in it")


def _add_page(command: argparse.ArgumentParser) -> None:
    command.add_argument("--html", metavar="OUT.html", type=Path, default=None, help="write it as one offline page too")


def _add_app(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    app = commands.add_parser(
        "app", help="open a scenario in the browser", description="Serve the explorer of a scenario."
    )
    _add_target(app)
    app.add_argument("--port", type=int, default=0, help="the port to listen on; a free one by default")
    app.add_argument(
        "--address", default="localhost", help="the address to listen on (default: %(default)s, this machine alone)"
    )
    app.add_argument("--no-browser", action="store_true", help="do not open a browser")
    app.set_defaults(run=open_app)


def _add_html(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    html = commands.add_parser(
        "html", help="save a scenario as a page", description="Save a scenario's first run as a page."
    )
    _add_target(html)
    html.add_argument("out", metavar="OUT.html", type=Path, help="the file to write")
    html.set_defaults(run=save_page)


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser(
        "check", help="search every run of a scenario", description="Search for the shortest run that breaks a rule."
    )
    _add_target(check)
    check.add_argument("--limit", type=int, default=None, help="configurations after which to stop")
    check.add_argument("--max-seconds", type=float, default=None, help="seconds after which to stop")
    check.add_argument("--max-memory-mb", type=float, default=None, help="megabytes of the process after which to stop")
    check.add_argument("--json", action="store_true", help="print the report as JSON")
    _add_page(check)
    check.set_defaults(run=check_scenario)


def _add_compare(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    compare = commands.add_parser(
        "compare",
        help="compare two versions of a machine",
        description="Crash and search two versions of a scenario, and tell what got worse and what got better.",
    )
    compare.add_argument("old", metavar="OLD.py:NAME", help="a Python file and the name of the old Scenario in it")
    compare.add_argument("new", metavar="NEW.py:NAME", help="the same for the new one")
    compare.add_argument("--limit", type=int, default=None, help="configurations after which each search stops")
    compare.add_argument("--second-crashes", action="store_true", help="crash each recovery once more")
    compare.add_argument("--storage-faults", action="store_true", help="try each storage fault too")
    compare.add_argument("--json", action="store_true", help="print what changed as JSON")
    _add_page(compare)
    compare.set_defaults(run=compare_scenarios)


def open_app(options: argparse.Namespace) -> int:
    """Serve the explorer until the process is ended."""
    from phasm_lab.app import load_scenario, serve

    serve(load_scenario(options.target), address=options.address, port=options.port, show=not options.no_browser)
    return 0


def save_page(options: argparse.Namespace) -> int:
    """Fire each input, run to quiescence after each, and write the history as one page."""
    from phasm_lab.app import load_scenario
    from phasm_lab.lab.lab import Lab
    from phasm_lab.trace.labels import shorten

    lab = Lab(load_scenario(options.target))
    for value in lab.scenario.inputs:
        lab.fire(value)
        _run_on(lab)
    _write(options.out, lab.to_html())
    tell(f"{options.out}: {len(lab.history)} steps of {shorten(lab.scenario.name)}")
    return 0


def _write(path: Path, page: str) -> None:
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise PhasmLabError(
            str(path), f"it cannot be written: {error.strerror}", "name a file in a folder that exists"
        ) from None


def check_scenario(options: argparse.Namespace) -> int:
    """Search a scenario and print the report; Ctrl-C ends the search, and what was found is printed."""
    from phasm_lab.app import load_scenario
    from phasm_lab.interpreter.interruption import Interruption
    from phasm_lab.trace.codec import to_line

    with redirect_stdout(sys.stderr):
        scenario = load_scenario(options.target)
    with Interruption() as interruption:
        report = _searched(scenario, options, interruption)
        tell(to_line(report.to_json()) if options.json else report)
        if options.html is not None:
            _write(options.html, report.to_html())
    if report.findings:
        return EXIT_BROKEN
    return 0 if report.complete else EXIT_INCOMPLETE


def _searched(scenario: Scenario, options: argparse.Namespace, interruption: Interruption) -> Report:
    from phasm_lab.checks.checking import Checking
    from phasm_lab.terminal import search_to_the_end

    # What the machine prints must not stand in the report.
    with redirect_stdout(sys.stderr):
        checking = Checking(
            scenario,
            limit=options.limit,
            max_seconds=options.max_seconds,
            max_memory_mb=options.max_memory_mb,
        )
        search_to_the_end(checking, sys.stderr, interruption)
        return checking.report()


def compare_scenarios(options: argparse.Namespace) -> int:
    """Crash and search two versions and print what changed."""
    from phasm_lab.app import load_scenario
    from phasm_lab.recoveries.versions import compare_versions
    from phasm_lab.trace.codec import to_line

    with redirect_stdout(sys.stderr):
        old = load_scenario(options.old)
        _forget_modules_beside(options.old)
        found = compare_versions(
            old,
            load_scenario(options.new),
            limit=options.limit,
            storage_faults=options.storage_faults,
            second_crashes=options.second_crashes,
        )
    tell(to_line(found.to_json()) if options.json else found)
    if options.html is not None:
        from phasm_lab.export.report_versions import versions_page

        _write(options.html, versions_page(found))
    if found.got_worse:
        return EXIT_BROKEN
    return 0 if found.is_complete else EXIT_INCOMPLETE


def _forget_modules_beside(target: str) -> None:
    """Let a second file import modules of its own, though they are called as those beside the first are."""
    folder = Path(target.rpartition(":")[0]).parent.resolve()
    sys.path[:] = [entry for entry in sys.path if entry != str(folder)]
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and Path(file).resolve().parent == folder and not name.startswith("phasm_lab"):
            del sys.modules[name]


def _run_on(lab: Lab) -> None:
    """Run to quiescence; a machine that never comes there is worth a page too."""
    try:
        lab.run()
    except PhasmLabError as error:
        print(f"phasm-lab: {error}", file=sys.stderr)


def list_examples(options: argparse.Namespace) -> int:
    """Print each example: what opens it, whether its machine is sound, and a sentence about it."""
    del options
    from phasm_lab import examples

    folder = Path(examples.__file__).parent
    for module, example in _modules_and_examples():
        file = _from_here(folder / f"{module}.py")
        tell(f"{file}:{example.name}\n    {'sound' if example.sound else 'broken'}: {example.sentence}")
    return 0


def _modules_and_examples() -> list[tuple[str, Example]]:
    from importlib import import_module

    from phasm_lab.examples import MODULES

    return [(name, example) for name in MODULES for example in import_module(f"phasm_lab.examples.{name}").EXAMPLES]


def _from_here(path: Path) -> Path:
    """Return a path from the working folder, where it is below it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


if __name__ == "__main__":
    sys.exit(main())
