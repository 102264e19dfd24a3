"""One transition on a version of a database, as the engine runs it, and what it leaves."""

import inspect

from phasm_lab.engine.drive import NoLimits
from phasm_lab.engine.transition import attempt

PAYMENTS = "create table payments (id integer primary key, user text not null, cents integer check (cents > 0))"


def try_on(version, function, **options):
    """Run an async function of the state, as stf, and return the attempt."""

    async def stf(state, actions):
        del actions
        await function(state)

    return attempt("stf", stf, version, (), NoLimits(), **options)


def commit_on(version, function):
    """Run an async function of the state, as stf, and return the version after it."""
    attempted = try_on(version, function)
    assert attempted.refusal is None, attempted.refusal.text
    return attempted.version


def run_on(version, *statements):
    """Execute statements, each SQL or (SQL, parameters), in one transition and return the version after it."""

    async def function(state):
        for statement in statements:
            await state.execute(*([statement] if isinstance(statement, str) else statement))

    return commit_on(version, function)


def answer_of(version, call):
    """Return what one awaited call answers: ``answer_of(version, lambda state: state.fetch_one("select 1"))``."""
    answers = []

    async def function(state):
        answers.append(await call(state))

    commit_on(version, function)
    return answers[0]


def refusal_of(version, call):
    """Return the text of why a transition with this one call is rejected."""

    async def function(state):
        found = call(state)
        if inspect.isawaitable(found):
            await found

    return try_on(version, function).refusal.text
