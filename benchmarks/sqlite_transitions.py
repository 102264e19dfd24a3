"""What a state in SQLite costs: transitions against the same statements in bare transactions, at three sizes.

Run it with ``python -m benchmarks.sqlite_transitions``. Ratios are taken within one run; times are of the processor.
"""

import gc
import time
from dataclasses import dataclass

import phasm_lab as pl
from phasm_lab.engine import Fire, start, step
from phasm_lab.engine.drive import NoLimits, drive
from phasm_lab.engine.transition import attempt
from phasm_lab.stores.store import open_memory

ROW_COUNTS = (10, 1_000, 100_000)
TRANSITION_COUNT = 6_000
"""Enough for a snapshot of the largest."""

ROUND_COUNT = 7
JUMP_COUNT = 20
SMALLEST_SHARE_OF_BARE = 0.6
LARGEST_SLOWDOWN = 1.15

SCHEMA = """
create table payments (id integer primary key, user text not null, cents integer not null, stage text not null);
create index by_stage on payments (stage);
create table totals (user text primary key, cents integer not null);
insert into totals values ('ada', 0);
with recursive k (i) as (select 1 union all select i + 1 from k where i < {row_count})
insert into payments select i, 'user' || i, i, 'paid' from k;
"""
NEWEST = "select max(id) from payments"
INSERT = "insert into payments values (?, ?, ?, 'pending')"
ADD = "update totals set cents = cents + ? where user = ?"


@dataclass(frozen=True)
class Pay:
    """A user pays."""

    user: str
    cents: int


PAY = Pay("ada", 500)


async def pay(state, user, cents):
    """Enter a payment: three statements."""
    (newest,) = await state.fetch_one(NEWEST)
    await state.execute(INSERT, (newest + 1, user, cents))
    await state.execute(ADD, (cents, user))
    return newest + 1


async def stf(state, input, actions):
    """Enter a payment and ask for it to be charged."""
    match input:
        case pl.Normal(Pay(user, cents)):
            payment_id = await pay(state, user, cents)
            actions.add(pl.Tracked(payment_id, cents))


async def restore(state, actions):
    """Ask for what is pending."""
    for payment_id, cents in await state.fetch_all("select id, cents from payments where stage = 'pending'"):
        actions.add(pl.Tracked(payment_id, cents))


def rate(run):
    """Return the transitions a second of `run`, a generator that yields where the clock is to start."""
    gc.collect()
    next(run)
    started = time.process_time()
    next(run, None)
    return TRANSITION_COUNT / (time.process_time() - started)


def run_bare(database, schema):
    """The same statements through the standard driver."""
    del database
    connection = open_memory()
    connection.executescript(schema)
    execute = connection.execute
    yield
    for _ in range(TRANSITION_COUNT):
        execute("begin")
        (newest,) = execute(NEWEST).fetchone()
        execute(INSERT, (newest + 1, "ada", 500))
        execute(ADD, (500, "ada"))
        execute("commit")
    connection.close()


def run_transitions(database, schema):
    """Begin, statements, commit, version."""
    del schema
    version = database.start()
    yield
    for _ in range(TRANSITION_COUNT):
        drive(pay(version.begin(None), "ada", 500))
        version.finish()
        version = version.commit()


def run_attempts(database, schema):
    """Begin, stf with its action, commit, version, and the record of what became of it."""
    del schema
    version, limits, value = database.start(), NoLimits(), pl.Normal(PAY)
    yield
    for _ in range(TRANSITION_COUNT):
        version = attempt("stf", stf, version, (value,), limits).version


def run_steps(database, schema):
    """Fire through `step`, each time from a configuration with an empty queue."""
    del schema
    scenario = pl.Scenario(pl.Machine(initial=database, stf=stf, restore=restore))
    configuration, event = start(scenario), Fire(PAY)
    yield
    for _ in range(TRANSITION_COUNT):
        configuration = step(scenario, configuration, event).configuration._replace(queue=())


RUNS = {"bare": run_bare, "transitions": run_transitions, "attempts": run_attempts, "steps": run_steps}


def jump_ms(database):
    """Return how long it takes at worst to show a version somewhere in a run, and the one it began with."""
    versions = [database.start()]
    for _ in range(TRANSITION_COUNT):
        drive(pay(versions[-1].begin(None), "ada", 500))
        versions.append(versions[-1].commit())
    slowest = 0.0
    for index in range(1, JUMP_COUNT + 1):
        for version in (versions[TRANSITION_COUNT * index // JUMP_COUNT], versions[0]):
            started = time.process_time()
            version.view().fetch_one(NEWEST)
            slowest = max(slowest, time.process_time() - started)
    return slowest * 1_000


def measure():
    """Return the best rate of each run at each size, the runs taking turns."""
    best = dict.fromkeys(((name, count) for count in ROW_COUNTS for name in RUNS), 0.0)
    schemas = {count: SCHEMA.format(row_count=count) for count in ROW_COUNTS}
    databases = {count: pl.sqlite(schema) for count, schema in schemas.items()}
    for _ in range(ROUND_COUNT):
        for name, count in best:
            best[name, count] = max(best[name, count], rate(RUNS[name](databases[count], schemas[count])))
    return best


def main():
    """Print the figures and whether they are within their bars."""
    best = measure()
    others = list(RUNS)[1:]
    print(
        f"{'rows':>8} {'bare':>12}" + "".join(f"{name:>14} {'of bare':>8}" for name in others) + f"{'slowest jump':>15}"
    )
    for count in ROW_COUNTS:
        bare = best["bare", count]
        shares = "".join(f"{best[name, count]:>12,.0f}/s {best[name, count] / bare:>8.2f}" for name in others)
        jump = jump_ms(pl.sqlite(SCHEMA.format(row_count=count)))
        print(f"{count:>8,} {bare:>10,.0f}/s{shares} {jump:>11.1f} ms")
    share = min(best["transitions", count] / best["bare", count] for count in ROW_COUNTS)
    slowdown = max(best["transitions", ROW_COUNTS[0]] / best["transitions", count] for count in ROW_COUNTS)
    print(f"transitions against bare: {share:.2f} of the rate (bar: {SMALLEST_SHARE_OF_BARE})")
    print(f"{ROW_COUNTS[-1]:,} against {ROW_COUNTS[0]} rows: {slowdown:.2f} times the time (bar: {LARGEST_SLOWDOWN})")
    return 0 if share >= SMALLEST_SHARE_OF_BARE and slowdown <= LARGEST_SLOWDOWN else 1


if __name__ == "__main__":
    raise SystemExit(main())
