"""One run of stf or restore on one version of the state: it commits, is rejected, or dies on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from phasm_lab.engine.accesses import Access, Meter, is_users
from phasm_lab.engine.actions import Actions
from phasm_lab.engine.drive import Limits, ProcessDied, drive
from phasm_lab.errors import DefinitionError, EndlessError, InjectedError, NotEnabledError
from phasm_lab.machine.text import line_of, message_of
from phasm_lab.machine.values import Tracked, Untracked

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from phasm_lab.engine.events import Event, Fault
    from phasm_lab.engine.versions import Version

__all__ = ["Attempt", "Frame", "Refusal", "attempt", "describe", "require_fault"]


@dataclass(frozen=True, slots=True)
class Frame:
    """One line of the user's code in a traceback."""

    file: str
    line: int
    function: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a transition was rejected.

    Attributes
    ----------
    text
        Type and message of the exception.
    frames
        The user's own frames, outermost first.
    injected
        Whether the lab made it happen.
    """

    text: str
    frames: tuple[Frame, ...]
    injected: bool


class Attempt(NamedTuple):
    """What became of one run of stf or restore.

    Attributes
    ----------
    version
        The state after it: the one before, unless it committed.
    actions
        What it emitted, in order; empty unless it ran to its end.
    refusal
        Why it was rejected, else None.
    died
        Whether it suspended where the process dies.
    wrote
        Whether it had written something when it ended.
    accesses
        The accesses it made; empty unless it was metered.
    add_count
        How many times it called `actions.add`.
    injected
        Whether the fault it was to meet happened.
    """

    version: Version
    actions: tuple[Tracked | Untracked, ...]
    refusal: Refusal | None
    died: bool
    wrote: bool
    accesses: tuple[Access, ...]
    add_count: int
    injected: bool

    @property
    def tracked(self) -> tuple[Tracked, ...]:
        """The tracked ones among the actions."""
        return tuple(action for action in self.actions if type(action) is Tracked)


def attempt(
    role: str,
    function: Callable[..., Any],
    version: Version,
    arguments: tuple[Any, ...],
    limits: Limits,
    *,
    fault: Fault | None = None,
    metered: bool = False,
    keep: bool = True,
    roll_back: bool = True,
) -> Attempt:
    """Run `function` on `version` with `arguments` between the state and the actions.

    Parameters
    ----------
    role
        "stf" or "restore", for messages.
    fault
        An access or add that fails, or an access at which the process dies.
    metered
        Whether to record the accesses although nothing is to go wrong.
    keep
        Whether what it writes is committed; otherwise it is rolled back, whatever happens.
    roll_back
        Whether a rejection takes back what was written. Only a check says no, to see what the code itself leaves behind.

    Raises
    ------
    DefinitionError
        If the function itself is ill-formed: it emitted something that is not an action, put in a value that cannot be
        rolled back, or read its actions. Nothing is kept.
    """
    meter = _meter(fault, metered=metered) if metered or fault is not None else None
    sink = Actions(role) if fault is None else _sink(role, fault)
    handle = version.begin(meter)
    refusal, died = None, False
    try:
        limits.call(_run, function, version, handle, arguments, sink)
    except ProcessDied:
        died = True
    except (KeyboardInterrupt, DefinitionError):
        if meter is not None:
            meter.release()
        version.rollback()
        raise
    except BaseException as error:  # noqa: BLE001 - whatever user code raises rejects its transition
        refusal = describe(error)
    if meter is not None:
        meter.release()
    if sink.problem is not None:
        version.rollback()
        raise sink.problem
    if keep and not died and (refusal is None or not roll_back):
        after = version.commit()
        wrote = after is not version
    else:
        after, wrote = version, version.rollback()
    actions = sink.taken() if sink.add_count and refusal is None and not died else ()
    if meter is None:
        return Attempt(after, actions, refusal, died, wrote, (), sink.add_count, sink.failed)
    injected = sink.failed or meter.failed or died
    return Attempt(after, actions, refusal, died, wrote, tuple(meter.accesses), sink.add_count, injected)


def _run(
    function: Callable[..., Any], version: Version, handle: Any, arguments: tuple[Any, ...], sink: Actions
) -> None:
    try:
        drive(function(handle, *arguments, sink))
    except (AttributeError, TypeError):
        # What comes of using a call that was not awaited shows as one of these.
        version.finish(returned=False)
        raise
    version.finish()


def _meter(fault: Fault | None, *, metered: bool) -> Meter | None:
    if fault is not None and fault.kind == "access fails":
        return Meter(fault.number, sticky=fault.sticky)
    if fault is not None and fault.kind == "at access":
        return Meter(crash_at=fault.number)
    return Meter() if metered else None


def _sink(role: str, fault: Fault) -> Actions:
    return Actions(role, fault.number, sticky=fault.sticky) if fault.kind == "add fails" else Actions(role)


def describe(error: BaseException) -> Refusal:
    """Return the text of an exception and the user's own frames of its traceback."""
    text = message_of(error)
    name = type(error).__name__
    if isinstance(error, EndlessError):
        name = "stopped"
    return Refusal(
        f"{name}: {text}" if text else name, _user_frames(error.__traceback__), isinstance(error, InjectedError)
    )


def _user_frames(traceback: TracebackType | None) -> tuple[Frame, ...]:
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if is_users(code.co_filename):
            frames.append(Frame(code.co_filename, traceback.tb_lineno, code.co_name))
        traceback = traceback.tb_next
    return tuple(frames[-20:])


def require_fault(event: Event, fault: Fault | None, tried: Attempt) -> None:
    """Refuse a fault that this run never met.

    Raises
    ------
    NotEnabledError
        If it made fewer accesses or adds, emitted fewer actions, or did not get to its commit.
    """
    if fault is None:
        return
    problem = _unmet(fault, tried)
    if problem:
        raise NotEnabledError(line_of(event), problem)


def _unmet(fault: Fault, tried: Attempt) -> str:
    if fault.kind == "access fails":
        return "" if tried.injected else f"it makes {len(tried.accesses)} accesses"
    if fault.kind == "at access":
        return "" if 0 < fault.number <= len(tried.accesses) else f"it makes {len(tried.accesses)} accesses"
    if fault.kind == "add fails":
        return "" if tried.injected else f"it adds {tried.add_count} actions"
    if tried.refusal is not None:
        return f"it does not get to its commit: {tried.refusal.text}"
    if fault.kind == "after commit" and not 0 <= fault.number <= len(tried.tracked):
        return f"it emits {len(tried.tracked)} tracked actions"
    return ""
