"""Runs written as a line of text, on the till of `seeded` with every fault budgeted; and how pairs of moments are written.

``f a`` fires, ``d 1`` hands over, ``p 1`` performs, ``r 1`` delivers, ``R`` recovers. ``f a !1`` dies after the commit with
one handed over, ``f a !before`` before the commit, ``f a !unknown`` with the commit not acknowledged, ``R !0`` after restore
returned; ``c`` dies between two steps, ``c -1`` and takes what is on the wire of 1, ``c -all`` takes all of it. ``l 1`` loses,
``u 1`` duplicates, ``y 1`` delays; ``p 1 c`` is about the request of kind Charge, ``p 1 s`` about the status query, a digit
after that about the life that sent it. ``g`` goes on to quiescence.
"""

import phasm_lab as pl
from tests.recoveries import seeded

LETTERS = {
    "fire": "f",
    "dispatch": "d",
    "perform": "p",
    "deliver": "r",
    "crash": "c",
    "recover": "R",
    "lose": "l",
    "duplicate": "u",
    "delay": "y",
}
KINDS = {"c": "Charge", "s": "AskStatus"}
EVERY_FAULT = pl.Faults(
    crashes=3,
    recovery_crashes=3,
    unknown_commits=2,
    lost_requests=2,
    lost_results=2,
    duplicated_requests=2,
    duplicated_results=2,
    delayed_requests=2,
    duplicated_inputs=2,
    reordered_results=2,
)


def run(text, restore=seeded.restore, perform=seeded.perform_by_key):
    """Return the trace that a line of text stands for."""
    machine = pl.Machine(initial=seeded.Till, stf=seeded.stf, restore=restore)
    environment = pl.Environment(initial=seeded.Bank, perform=perform)
    lab = pl.Lab(pl.Scenario(machine, inputs=["a", "b", "c"], environment=environment, faults=EVERY_FAULT))
    for step in filter(None, map(str.strip, text.split(","))):
        take(lab, *step.split())
    return lab.trace


def take(lab, verb, *words):
    if verb in ("f", "R"):
        fault = next((word[1:] for word in words if word.startswith("!")), "")
        options = crash_options(fault)
        lab.fire(words[0], **options) if verb == "f" else lab.recover(**options)
    elif verb == "c":
        lose = [word[1:] for word in words]
        lab.crash(lose="all" if lose == ["all"] else [int(word) for word in lose])
    elif verb == "g":
        lab.run()
    else:
        named = [("action", KINDS[word]) if word in KINDS else ("life", int(word)) for word in words[1:]]
        verbs = {
            "d": lab.dispatch,
            "p": lab.perform,
            "r": lab.deliver,
            "l": lab.lose,
            "u": lab.duplicate,
            "y": lab.delay,
        }
        verbs[verb](int(words[0]), **dict(named))


def crash_options(fault):
    if not fault:
        return {}
    if fault.isdigit():
        return {"crash": "after commit", "number": int(fault)}
    return {"crash": {"before": "before commit", "accept": "before accept", "unknown": "commit unknown"}[fault]}


def pairs_of(comparison):
    """Write the pairs: ``f1-1`` for a fire that is step 1 on both sides."""
    left, right = comparison.left.moments, comparison.right.moments
    return " ".join(f"{LETTERS[left[i].what]}{left[i].step_number}-{right[j].step_number}" for i, j in comparison.pairs)
