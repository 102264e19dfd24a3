"""Rules about the text of the repository; each offence reads `file:line: what is banned, what to write`."""

import ast
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LARGEST_MODULE_LINES = 400

# The "not" column of the project's names, where a word has no other meaning in the package. The reader's word follows.
BANNED_WORDS = {
    "available": "enabled",
    "backend": "environment",
    "chaos": "fault",
    "failpoint": "crash point",
    "idle": "quiescent",
    "ledger": "history tree",
    "mock": "environment",
    "op": "event",
    "ops": "events",
    "repro": "counterexample",
    "resume": "recover",
    "settled": "quiescent",
    "tick": "step",
    "world": "environment",
}


@dataclass(frozen=True)
class LineRule:
    """What a line must not match, where, and what to write in its place."""

    banned: str
    pattern: re.Pattern[str]
    instead: str
    suffixes: tuple[str, ...] = ()
    folder: str = ""
    exempt: tuple[str, ...] = ()

    def applies_to(self, path):
        named = path.as_posix()
        if not named.startswith(self.folder) or named in self.exempt:
            return False
        return not self.suffixes or path.suffix in self.suffixes

    def offences(self, path, text):
        return [
            f"{path}:{number}: {self.banned}, {self.instead}"
            for number, line in enumerate(text.splitlines(), start=1)
            if self.pattern.search(line)
        ]


LINE_RULES = [
    LineRule(
        "a path of one machine",
        re.compile(r"(?<![\w.:/])/(work|root|home|Users|tmp)/\w"),
        "write a path from the repository's root, or tmp_path in a test",
    ),
    LineRule(
        "the host of a package registry",
        # Written in two halves, so that this file breaks its own rule as little as any other.
        re.compile(r"\b(pypi|pythonhosted|npmjs|npmmirror|deb\.debian)" r"\.(org|com)\b" r"|\bindex-" r"url\b"),
        "write the package's name alone",
    ),
    LineRule(
        "an address that a lock file resolved",
        re.compile(r'"resolved": *"http'),
        "keep omit-lockfile-registry-resolved in .npmrc and run `npm install` again",
        suffixes=(".json",),
    ),
    LineRule(
        "a banner comment",
        re.compile(r"^\s*(#|//|/\*)\s*[-=*~_─━]{4,}"),
        "let a blank line or a module of its own divide the code",
        suffixes=(".py", ".ts", ".css", ".toml", ".mjs", ""),
    ),
    LineRule(
        "print",
        re.compile(r"^\s*print\("),
        "return the text and let phasm_lab/cli.py print it",
        suffixes=(".py",),
        folder="phasm_lab/",
        exempt=("phasm_lab/cli.py",),
    ),
]


def tracked_texts():
    """Every tracked text file outside this folder, as pairs of path and text; what is built is left out."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout  # noqa: S607
    for name in listed.decode().rstrip("\0").split("\0"):
        path = Path(name)
        if path.parts[:2] == ("tests", "tidy") or "static" in path.parts or not (ROOT / path).is_file():
            continue
        content = (ROOT / path).read_bytes()
        if b"\0" not in content:
            yield path, content.decode()


def line_offences(path, text):
    return [offence for rule in LINE_RULES if rule.applies_to(path) for offence in rule.offences(path, text)]


def name_offences(path, text):
    """Names that the package gives to something, with a word for which the project has another."""
    return [
        f"{path}:{line}: the word {word!r} in {name!r}, write {BANNED_WORDS[word]!r}"
        for line, name in given_names(ast.parse(text))
        for word in re.findall(r"[a-z]+", re.sub(r"([A-Z])", r" \1", name).lower())
        if word in BANNED_WORDS
    ]


def given_names(tree):
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.lineno, node.name
            case ast.arg():
                yield node.lineno, node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.lineno, node.id
            case ast.Attribute(ctx=ast.Store()):
                yield node.lineno, node.attr


def size_offences(path, text):
    lines = len(text.splitlines())
    if lines <= LARGEST_MODULE_LINES:
        return []
    return [f"{path}:{lines}: a module of {lines} lines, write two of at most {LARGEST_MODULE_LINES} lines"]
