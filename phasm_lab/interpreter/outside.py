"""What reaches beyond the arguments of a function: which calls do, what they are called, and what to do instead."""

from __future__ import annotations

import datetime
import functools
import io
import sys
from pathlib import PurePath
from types import FrameType, ModuleType
from typing import Any

from phasm_lab.interpreter.printing import PRINTING, prints_outside

__all__ = [
    "call_name",
    "cure",
    "is_silent_below",
    "outside_attribute",
    "outside_call",
    "outside_event",
    "outside_frame",
]

_MODULES = frozenset(
    [
        "_asyncio",
        "_locale",
        "_multiprocessing",
        "_posixshmem",
        "_posixsubprocess",
        "_signal",
        "_socket",
        "_ssl",
        "_uuid",
        "_winapi",
        "fcntl",
        "gc",
        "grp",
        "mmap",
        "msvcrt",
        "nt",
        "posix",
        "pwd",
        "resource",
        "select",
        "signal",
        "syslog",
        "termios",
        "winreg",
    ]
)
"""Modules in C whose every function reaches outside, but for those in `_PURE`."""

_PURE = frozenset({"fspath", "fsencode", "fsdecode", "_path_normpath", "_path_splitroot", "WIFEXITED", "WEXITSTATUS"})
_CLOCKS = frozenset({"strftime", "strptime", "gmtime", "asctime"})
"""Of the functions of `time` those that read the clock only when they are given no time."""

_FUNCTIONS = {
    "builtins": frozenset({"breakpoint", "input", "open", "print"}),
    "_io": frozenset({"open", "open_code"}),
    "io": frozenset({"open", "open_code"}),
    "_sqlite3": frozenset({"connect"}),
    "_thread": frozenset({"start_new", "start_new_thread", "start_joinable_thread"}),
    "sys": frozenset(
        {"addaudithook", "getrefcount", "setprofile", "setrecursionlimit", "setswitchinterval", "settrace"}
    ),
}
_THREADS = frozenset({"active_count", "current_thread", "enumerate", "get_ident", "get_native_id", "main_thread"})
"""Of the functions of threads those that the standard library asks for its own sake: a dataclass does for its `repr`."""

_FRAMES = {
    "logging": frozenset(
        ["Handler.handle", "Logger.addHandler", "Logger.removeHandler", "Logger.setLevel", "basicConfig", "disable"]
    ),
    "tempfile": frozenset({"gettempdir", "gettempdirb"}),
}
"""Functions of the standard library that reach outside and keep what they found, or change what all of a process share."""
_NOW = frozenset({"now", "today", "utcnow"})
_FILES = (io.FileIO, io.BufferedReader, io.BufferedWriter, io.BufferedRandom, io.TextIOWrapper)
_TYPES = frozenset({"_socket.socket", "sqlite3.Connection", "sqlite3.Cursor", "mmap.mmap", "select.epoll"})
_EVENTS = frozenset(
    [
        "builtins.input",
        "cpython.run_command",
        "ctypes.dlopen",
        "fcntl",
        "ftplib",
        "glob",
        "http",
        "imaplib",
        "mmap",
        "msvcrt",
        "nntplib",
        "open",
        "os",
        "pathlib",
        "poplib",
        "pty",
        "resource",
        "shutil",
        "signal",
        "smtplib",
        "socket",
        "sqlite3.connect",
        "subprocess",
        "syslog",
        "tempfile",
        "time",
        "urllib",
        "webbrowser",
        "winreg",
        "_thread.start_new_thread",
    ]
)
_ATTRIBUTES = {
    "os": frozenset({"name"}),
    "sys": frozenset({"argv", "executable", "orig_argv", "path", "platform"}),
}
_SILENT_BELOW = (
    "importlib", "linecache.py", "tokenize.py", "traceback.py", "warnings.py", "zoneinfo", "encodings", "_strptime.py",
)  # fmt: skip
"""Code of the standard library that only fetches what belongs to the program: modules, sources, time zones, warnings."""


def _argument_count(frame: FrameType) -> int:
    """Return how many arguments the call has at which a frame stands."""
    code = frame.f_code.co_code
    return code[frame.f_lasti + 1] if 0 <= frame.f_lasti < len(code) - 1 else 0


def outside_call(function: Any, frame: FrameType) -> str:
    """Return what a call of a function in C is called if it reaches outside, or ""."""
    owner = getattr(function, "__self__", None)
    if isinstance(owner, ModuleType):
        return _outside_function(owner.__name__, function.__name__, frame)
    if isinstance(owner, type):
        is_now = issubclass(owner, datetime.date) and function.__name__ in _NOW
        return f"{owner.__name__}.{function.__name__}()" if is_now else ""
    return _outside_method(owner, function.__name__)


def _outside_function(module: str, name: str, frame: FrameType) -> str:
    told = f"{_public(module)}{name}()"
    if module == "_thread" and name in _THREADS:
        return "" if _is_library(frame) else f"threading.{name}()"
    if module == "time":
        return "" if name in _CLOCKS and _argument_count(frame) >= 1 + (name == "strftime") else told
    if module in _MODULES:
        return "" if name in _PURE else told
    return told if name in _FUNCTIONS.get(module, ()) else ""


def _public(module: str) -> str:
    names = {"posix": "os", "nt": "os", "_io": "", "io": "", "builtins": "", "_socket": "socket", "_sqlite3": "sqlite3"}
    name = names.get(module, module)
    return f"{name}." if name else ""


def _outside_method(owner: Any, name: str) -> str:
    if isinstance(owner, _FILES):
        return f"{'print' if owner in (sys.stdout, sys.stderr) else 'open'}(): .{name}()"
    if owner is _shared_random():
        return f"random.{name}()"
    cls: Any = type(owner)
    told = _outside_class(cls)
    return f"{told}.{name}()" if told else ""


@functools.lru_cache(maxsize=1_000)
def _outside_class(cls: Any) -> str:
    """Return the name of the class of handles to something outside that a class is or inherits from, or ""."""
    names = [f"{base.__module__}.{base.__qualname__}" for base in cls.__mro__]
    return next((name.rpartition(".")[2] for name in names if name in _TYPES), "")


def _shared_random() -> Any:
    module = sys.modules.get("random")
    return getattr(module, "_inst", None) if module is not None else None


def outside_frame(frame: FrameType) -> str:
    """Return what a call of a function of the standard library's is called if it reaches outside by itself, or ""."""
    code = frame.f_code
    if code is PRINTING:
        return "print()" if prints_outside(frame) else ""
    module = frame.f_globals.get("__name__", "")
    if module == "random":
        return _outside_random(frame)
    if module == "os" and code.co_qualname.startswith("_Environ."):
        return "os.environ"
    if module == "platform" or code.co_qualname in _FRAMES.get(module, ()):
        return "logging" if code.co_name == "handle" else f"{module}.{code.co_qualname}()"
    if module == "threading" and code.co_name in _THREADS:
        return "" if frame.f_back is None or _is_library(frame.f_back) else f"threading.{code.co_name}()"
    return f"asyncio.{code.co_name}()" if module.partition(".")[0] == "asyncio" else ""


def _is_library(frame: FrameType) -> bool:
    module = str(frame.f_globals.get("__name__", ""))
    return module.partition(".")[0] in sys.stdlib_module_names


def _outside_random(frame: FrameType) -> str:
    owner = frame.f_locals.get("self")
    if owner is None or not isinstance(owner, sys.modules["random"].Random):
        return ""
    name = frame.f_code.co_name
    if owner is _shared_random():
        return f"random.{name}()"
    if name == "__init__" and frame.f_locals.get("x") is None:
        return f"random.{type(owner).__name__}()"
    return ""


def outside_event(event: str, arguments: tuple[Any, ...] = ()) -> bool:
    """Tell whether an audit event reaches outside; C code that reads a time zone does not.

    Examples
    --------
    >>> outside_event("open"), outside_event("os.listdir"), outside_event("sys._getframe")
    (True, True, False)
    """
    if event == "open":
        return not _is_time_zone(arguments)
    return event in _EVENTS or event.partition(".")[0] in _EVENTS


def _is_time_zone(arguments: tuple[Any, ...]) -> bool:
    folders = getattr(sys.modules.get("zoneinfo"), "TZPATH", ())
    return bool(arguments) and isinstance(arguments[0], str) and arguments[0].startswith(tuple(folders) or "\0")


def outside_attribute(module: str, name: str) -> bool:
    """Tell whether an attribute of a module is something of the outside, without any call."""
    return name in _ATTRIBUTES.get(module, ())


def call_name(frame: FrameType) -> str:
    """Return what a function of the standard library's is called: `uuid.uuid4()`."""
    module = frame.f_globals.get("__name__", "")
    name = frame.f_code.co_qualname.replace(".__init__", "")
    return f"{module}.{name}()"


def is_silent_below(file: str, what: str = "") -> bool:
    """Tell whether what is done below code from a file belongs to the program itself, such as an import.

    Examples
    --------
    >>> is_silent_below("<frozen importlib._bootstrap>"), is_silent_below("payments.py")
    (True, False)
    >>> is_silent_below("lib/traceback.py", "open()"), is_silent_below("lib/traceback.py", "print()")
    (True, False)
    """
    if file.startswith("<frozen "):
        return "importlib" in file or "zipimport" in file
    parts = PurePath(file).parts
    if parts[-1:] == ("traceback.py",) and what.startswith("print"):
        return False
    return any(part in _SILENT_BELOW for part in parts[-3:]) and "site-packages" not in parts


_CURES = (
    (("time.", "datetime.", "date."), "take the time as an input"),
    (
        ("random.", "numpy.random.", "uuid.", "secrets.", "os.urandom", "os.getrandom"),
        "take it as an input, or make it from the state",
    ),
    (("print", "logging", "input"), "emit an Untracked action instead"),
    (
        (
            *(
                "os.environ",
                "os.getenv",
                "sys.",
                "os.name",
                "os.getcwd",
                "platform.",
                "locale.get",
                "tempfile.gettempdir",
            ),
            *("threading.current_", "threading.get_", "threading.main_", "threading.active_", "threading.enumerate"),
        ),
        "take it as an input, or keep it in the state",
    ),
)


def cure(what: str) -> str:
    """Say what to do instead.

    Examples
    --------
    >>> cure("time.time()")
    'take the time as an input'
    """
    for beginnings, todo in _CURES:
        if what.startswith(beginnings):
            return todo
    return "emit an action instead; its result comes back as an input"
