"""What another interpreter does: it runs the transitions that it is sent, and tells what each does.

Such a process imports this module and nothing that only a search needs, since it is started for each search.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from phasm_lab.engine.drive import drive
from phasm_lab.engine.memory import MemorySource, MemoryVersion
from phasm_lab.engine.transition import Attempt, attempt
from phasm_lab.interpreter.asked import answer_stdin
from phasm_lab.interpreter.shipping import unship
from phasm_lab.interpreter.watchdog import Watchdog
from phasm_lab.trace.codec import canonical_json, encode

if TYPE_CHECKING:
    from phasm_lab.engine.versions import Version

__all__ = ["answer", "main"]


def _made(shipped: tuple[Any, ...]) -> Version:
    if len(shipped) == 1:
        return MemorySource(lambda: shipped[0], "a state").start()
    from phasm_lab.stores.sqlite import Database

    schema, statements = shipped
    version = Database(schema).start()
    handle = version.begin(None)
    for sql, parameters in zip(statements[::2], statements[1::2], strict=True):
        drive(handle.execute(sql, parameters))
    return version.commit()


def answer(question: dict[str, Any]) -> list[str]:
    """Return what each transition does, as text that is equal where they do the same."""
    watchdog = Watchdog()
    answers = []
    for shipped, consumed in question["cases"]:
        role = "restore" if consumed is None else "stf"
        arguments = () if consumed is None else (consumed,)
        tried = attempt(role, question[role], _made(shipped), arguments, watchdog)
        answers.append(_told(tried, in_order=role == "stf"))
    return answers


def _told(tried: Attempt, *, in_order: bool) -> str:
    version = tried.version
    state = encode(version.plain()) if isinstance(version, MemoryVersion) else str(version.frozen())
    actions = [encode(action) for action in tried.actions]
    refused = "" if tried.refusal is None else tried.refusal.text.partition(":")[0]
    return canonical_json([state, actions if in_order else sorted(actions, key=canonical_json), refused])


def main() -> None:
    """Answer what stands on stdin; for a process that `OtherInterpreters` started."""
    answer_stdin(_answer_in_words)


def _answer_in_words(question: bytes) -> bytes:
    try:
        told: dict[str, Any] = {"answers": answer(unship(question))}
    except BaseException as error:  # noqa: BLE001 - whatever goes wrong is told to who asked
        told = {"problem": f"{type(error).__name__}: {error}"}
    return json.dumps(told).encode()
