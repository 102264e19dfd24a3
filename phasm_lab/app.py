"""A scenario from a file, served as a web app on this machine."""

from __future__ import annotations

import importlib.util
import secrets
import socket
import sys
import traceback
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.scenario import Scenario
from phasm_lab.errors import PhasmLabError
from phasm_lab.lab.lab import Lab
from phasm_lab.trace.labels import shorten

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["Labs", "load_scenario", "serve"]

KEPT_LAB_COUNT = 100
"""Labs that a page is given again; of more, those that were looked at longest ago are forgotten."""


def load_scenario(target: str) -> Scenario:
    """Return the scenario that ``FILE.py:NAME`` names.

    Raises
    ------
    PhasmLabError
        If there is no such file, if running it raises, or if NAME is not a Scenario in it; lists those that are.
    """
    file, colon, name = target.rpartition(":")
    if not colon or not file or not name:
        raise PhasmLabError(repr(target), "it does not name a scenario", "write FILE.py:NAME")
    found = vars(_run_file(target, Path(file)))
    scenario = found.get(name)
    if isinstance(scenario, Scenario):
        return scenario
    names = [key for key, value in found.items() if isinstance(value, Scenario)]
    case = f"{name} in {file} is of type {type(scenario).__name__}" if name in found else f"{file} has no {name!r}"
    if not names:
        raise PhasmLabError(
            repr(target), case, "there is no Scenario in this file; write one: scenario = pl.Scenario(...)"
        )
    raise PhasmLabError(repr(target), case, "name one of its scenarios", names)


def _run_file(target: str, path: Path) -> ModuleType:
    """Import a file under a name of its own, so that it can neither hide a module nor be hidden by one."""
    if not path.is_file():
        here = sorted(str(other) for other in path.parent.glob("*.py")) if path.parent.is_dir() else []
        todo = "name one of the Python files here" if here else "there are no Python files there"
        raise PhasmLabError(repr(target), f"there is no file {str(path)!r}", todo, here)
    name = f"phasm_lab_file_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise PhasmLabError(repr(target), f"{str(path)!r} is not a Python file", "write FILE.py:NAME")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    # What the file imports from beside itself is found as if the file were run by Python.
    sys.path.insert(0, str(path.parent.resolve()))
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever the file raises is told
        todo = "" if getattr(error, "todo", "") else "mend the file"
        raise PhasmLabError(repr(target), f"running the file raised {_raised(error, path)}", todo) from None
    return module


def _raised(error: BaseException, path: Path) -> str:
    """Return an exception in one line, with the last line of the file that it went through."""
    lines = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).name == path.name
    ]
    line = getattr(error, "lineno", None) or (lines[-1] if lines else 1)
    return f"{type(error).__name__} in line {line}: {error}"


def serve(scenario: Scenario, *, address: str = "localhost", port: int = 0, show: bool = True) -> None:
    """Serve the explorer of a scenario until the process is ended; each page has a lab of its own, also when it is loaded again.

    Parameters
    ----------
    address
        What to listen on; "localhost" keeps others out.
    port
        Where to listen; 0 is any that is free.
    show
        Whether to open a browser.

    Raises
    ------
    PhasmLabError
        If nothing can listen there.
    """
    import panel

    labs = Labs(scenario)
    port = port or _free_port(address)
    _require_port(address, port)
    panel.serve(  # type: ignore[no-untyped-call]
        {"/": lambda: _page(labs)},
        address=address,
        port=port,
        show=show,
        title=f"PHASM Lab · {shorten(scenario.name)}",
        websocket_origin=_origins(address, port),
    )


class Labs:
    """The labs of all pages, each under a name that stands in the address of its page: loaded again, it is there again."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._labs: OrderedDict[str, Lab] = OrderedDict()

    def of(self, name: str) -> tuple[str, Lab]:
        """Return the lab of a name, and its name; where there is none, a new one under a name that nobody can guess."""
        if name not in self._labs:
            name = secrets.token_urlsafe(12)
            self._labs[name] = Lab(self._scenario)
            if len(self._labs) > KEPT_LAB_COUNT:
                self._labs.popitem(last=False)
        self._labs.move_to_end(name)
        return name, self._labs[name]


def _page(labs: Labs) -> Any:
    import panel

    from phasm_lab.widgets.panel import explorer_pane

    asked = panel.state.session_args.get("lab", [b""])[0].decode(errors="replace")
    name, lab = labs.of(asked)
    # Before that, the page would overwrite it with the address that it was opened with.
    panel.state.onload(lambda: _put_in_address(name))
    return panel.Column(explorer_pane(lab), sizing_mode="stretch_width", margin=8)


def _put_in_address(name: str) -> None:
    import panel

    if panel.state.location is not None:
        panel.state.location.update_query(lab=name)  # type: ignore[arg-type]  # Panel annotates all of them as one


def _origins(address: str, port: int) -> list[str]:
    """Return the hosts whose pages may talk to the app: no other website's."""
    return [f"{host}:{port}" for host in dict.fromkeys(["localhost", "127.0.0.1", address, socket.gethostname()])]


def _require_port(address: str, port: int) -> None:
    asked = f"--address {address} --port {port}"
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise PhasmLabError(asked, f"nothing can listen there: {why}", "name another, or leave --port out") from None


def _free_port(address: str) -> int:
    with socket.socket() as probe:
        probe.bind(("localhost" if address == "localhost" else "", 0))
        return int(probe.getsockname()[1])
