"""The repository keeps its own rules, and each rule sees what it is there for."""

from pathlib import Path

import pytest

from tests.tidy.rules import line_offences, name_offences, size_offences, tracked_texts

HOST = "registry." + "npmjs" + ".org"


def package_modules():
    return [(path, text) for path, text in tracked_texts() if path.parts[0] == "phasm_lab" and path.suffix == ".py"]


def test_no_line_of_the_repository_is_banned():
    assert [] == [offence for path, text in tracked_texts() for offence in line_offences(path, text)]


def test_the_package_names_things_by_the_words_of_the_glossary():
    # An example speaks of a domain of its own.
    modules = [(path, text) for path, text in package_modules() if "examples" not in path.parts]
    assert [] == [offence for path, text in modules for offence in name_offences(path, text)]


def test_no_module_of_the_package_is_too_long():
    assert [] == [offence for path, text in package_modules() for offence in size_offences(path, text)]


@pytest.mark.parametrize(
    ("path", "line", "expected"),
    [
        (
            "docs/start.md",
            "cd /home/ada/phasm",
            "docs/start.md:1: a path of one machine, write a path from the repository's root, or tmp_path in a test",
        ),
        (
            ".npmrc",
            f"registry={HOST}",
            ".npmrc:1: the host of a package registry, write the package's name alone",
        ),
        (
            "package-lock.json",
            '"resolved": ' + '"http://localhost/a.tgz"',
            (
                "package-lock.json:1: an address that a lock file resolved, "
                "keep omit-lockfile-registry-resolved in .npmrc and run `npm install` again"
            ),
        ),
        (
            "widgets/lanes.ts",
            "// ---- drawing ----",
            "widgets/lanes.ts:1: a banner comment, let a blank line or a module of its own divide the code",
        ),
        (
            "phasm_lab/lab/lab.py",
            "    print(step)",
            "phasm_lab/lab/lab.py:1: print, return the text and let phasm_lab/cli.py print it",
        ),
    ],
)
def test_a_banned_line_is_named_with_what_to_write(path, line, expected):
    assert [expected] == line_offences(Path(path), line)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("phasm_lab/cli.py", "print(report)"),
        ("tests/lab/test_lab.py", "print(step)"),
        ("README.md", "----"),
        ("tests/browser/conftest.py", 'CHROMIUM = Path("/usr/bin/chromium")'),
    ],
)
def test_a_line_that_is_right_where_it_stands_is_left_alone(path, line):
    assert [] == line_offences(Path(path), line)


def test_a_name_with_a_banned_word_is_shown_with_the_word_to_use():
    module = "def apply(op):\n    class WorldState: ...\n    operation = op\n"
    assert [
        "m.py:1: the word 'op' in 'op', write 'event'",
        "m.py:2: the word 'world' in 'WorldState', write 'environment'",
    ] == sorted(name_offences(Path("m.py"), module))


def test_a_module_of_401_lines_is_too_long():
    assert [] == size_offences(Path("m.py"), "a = 1\n" * 400)
    assert ["m.py:401: a module of 401 lines, write two of at most 400 lines"] == size_offences(
        Path("m.py"), "a = 1\n" * 401
    )
