"""What the corpus is made of: machines with the rule that each breaks, if any, and the line that a finding must name.

The line is marked by a comment: `# here`, a colon and the name of the function.
"""

import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.purity.drive import plain_restore, plain_stf, scenario_of


@dataclass(frozen=True, eq=False)
class Case:
    name: str
    slug: str
    role: str
    function: Any
    file: str
    options: dict[str, Any]

    @property
    def scenario(self):
        parts = {"stf": plain_stf, "restore": plain_restore} | {self.role: self.function}
        return scenario_of(**(parts | {k: v for k, v in self.options.items() if k != "results"}))

    @property
    def place(self):
        """File name and line of the mark, as a message begins."""
        mark = f"# here: {self.name}"
        for path in [Path(self.file), *sorted(Path(__file__).parent.glob("*.py"))]:
            for number, line in enumerate(path.read_text().splitlines(), start=1):
                if line.endswith(mark):
                    return f"{path.name}:{number}, in "
        raise AssertionError(f"{self.name} has no mark")


IMPURE: list[Case] = []
PURE: list[Case] = []


def impure(slug, role="stf", name=None, **options):
    """Put a function in the corpus as one that breaks a rule."""

    def put(function):
        IMPURE.append(Case(name or function.__name__, slug, role, function, _file(), options))
        return function

    return put


def pure(role="stf", **options):
    """Put a function in the corpus as one that breaks none."""

    def put(function):
        PURE.append(Case(function.__name__, "", role, function, _file(), options))
        return function

    return put


def _file():
    frame = inspect.currentframe()
    return frame.f_back.f_back.f_code.co_filename
