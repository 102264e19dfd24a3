from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import phasm_lab as pl
from phasm_lab.engine import Dispatch, Fire, Perform, enabled, start, step


@dataclass(frozen=True)
class Pay:
    user: str
    cents: int


@dataclass(frozen=True)
class Charge:
    payment_id: int
    cents: int


@dataclass
class Payments:
    next_id: int = 1
    pending: dict[int, int] = field(default_factory=dict)
    paid: dict[int, int] = field(default_factory=dict)


async def stf_in_memory(state, input, actions):
    match input:
        case pl.Normal(Pay(_, cents)):
            payment_id = state.next_id
            state.next_id += 1
            state.pending[payment_id] = cents
            actions.add(pl.Tracked(payment_id, Charge(payment_id, cents)))
        case pl.TrackedActionCompleted(payment_id, "charged"):
            state.paid[payment_id] = state.pending.pop(payment_id)
        case pl.TrackedActionCompleted(payment_id, "declined"):
            del state.pending[payment_id]


async def restore_in_memory(state, actions):
    for payment_id, cents in state.pending.items():
        actions.add(pl.Tracked(payment_id, Charge(payment_id, cents)))


SCHEMA = """
create table counter (next_id integer);
insert into counter values (1);
create table payments (id integer primary key, cents integer, stage text);
"""


async def stf_on_sqlite(state, input, actions):
    match input:
        case pl.Normal(Pay(_, cents)):
            (payment_id,) = await state.fetch_one("update counter set next_id = next_id + 1 returning next_id - 1")
            await state.execute("insert into payments values (?, ?, 'pending')", (payment_id, cents))
            actions.add(pl.Tracked(payment_id, Charge(payment_id, cents)))
        case pl.TrackedActionCompleted(payment_id, answer):
            if (
                await state.fetch_one("select 1 from payments where id = ? and stage = 'pending'", (payment_id,))
                is None
            ):
                raise KeyError(payment_id)
            if answer == "charged":
                await state.execute("update payments set stage = 'paid' where id = ?", (payment_id,))
            else:
                await state.execute("delete from payments where id = ?", (payment_id,))


async def restore_on_sqlite(state, actions):
    for payment_id, cents in await state.fetch_all(
        "select id, cents from payments where stage = 'pending' order by id"
    ):
        actions.add(pl.Tracked(payment_id, Charge(payment_id, cents)))


@dataclass
class Network:
    charged: dict[int, int] = field(default_factory=dict)


def perform(network, action, choose):
    if choose("charged", "declined") == "declined":
        return "declined"
    network.charged[action.payment_id] = network.charged.get(action.payment_id, 0) + 1
    return "charged"


def scenario_of(machine, inputs, **faults):
    environment = pl.Environment(initial=Network, perform=perform)
    return pl.Scenario(machine, inputs=inputs, environment=environment, faults=pl.Faults(**faults))


def in_memory():
    return pl.Machine(initial=Payments, stf=stf_in_memory, restore=restore_in_memory)


def on_sqlite(**options):
    return pl.Machine(initial=pl.sqlite(schema=SCHEMA, **options), stf=stf_on_sqlite, restore=restore_on_sqlite)


def counts(scenario):
    """How many configurations there are, and how many steps lead between them."""
    first = start(scenario)
    seen, waiting, step_count = {first.key()}, deque([first]), 0
    while waiting:
        configuration = waiting.popleft()
        for event in enabled(scenario, configuration):
            following = step(scenario, configuration, event).configuration
            step_count += 1
            if following.key() not in seen:
                seen.add(following.key())
                waiting.append(following)
    return len(seen), step_count


def test_a_machine_on_sqlite_reaches_what_the_same_machine_on_a_dataclass_reaches():
    inputs = [Pay("ada", 500)]
    expected = counts(scenario_of(in_memory(), inputs, crashes=1))
    assert expected == counts(scenario_of(on_sqlite(), inputs, crashes=1))


def test_a_machine_in_a_file_reaches_what_the_same_machine_in_memory_reaches(tmp_path):
    inputs = [Pay("ada", 500)]
    expected = counts(scenario_of(on_sqlite(), inputs, crashes=1))
    assert expected == counts(scenario_of(on_sqlite(path=tmp_path / "state.db"), inputs, crashes=1))


def test_two_payments_and_a_crash_reach_the_same_configurations():
    inputs = [Pay("ada", 500), Pay("bob", 70)]
    expected = counts(scenario_of(in_memory(), inputs, crashes=1))
    assert expected == counts(scenario_of(on_sqlite(), inputs, crashes=1))


def test_what_a_crash_leaves_is_the_same_on_sqlite_and_on_a_dataclass():
    ends = []
    for machine in (in_memory(), on_sqlite()):
        scenario = scenario_of(machine, [Pay("ada", 500)], crashes=1)
        configuration = step(scenario, start(scenario), Fire(Pay("ada", 500))).configuration
        configuration = step(scenario, configuration, dispatch_oldest(configuration)).configuration
        configuration = step(scenario, configuration, Perform(configuration.requests[0], ("charged",))).configuration
        ends.append((configuration.results, configuration.environment.frozen()))
    assert ends[0] == ends[1]


def dispatch_oldest(configuration):
    return Dispatch(configuration.queue[0].action, configuration.life)


def test_a_property_reads_the_state_without_awaiting():
    seen = []

    @pl.always
    def nothing_is_negative(here):
        seen.append((here.state.tables, here.state.fetch_one("select count(*) from payments")))
        return here.state.fetch_one("select 1 from payments where cents < 0") is None

    pl.Scenario(on_sqlite(), inputs=[Pay("ada", 500)], properties=[nothing_is_negative])
    assert [(("counter", "payments"), (0,))] == seen


@pytest.mark.parametrize(
    ("schema", "name"),
    [("create table card_payments (id)", "card payments"), ("", "sqlite")],
    ids=["table", "no table"],
)
def test_a_machine_is_named_after_its_first_table(schema, name):
    assert name == pl.Machine(initial=pl.sqlite(schema), stf=stf_on_sqlite, restore=restore_on_sqlite).name


def test_a_database_prints_where_it_is_and_its_tables(tmp_path):
    path = Path(tmp_path, "state.db")
    assert "<SQLite in memory: counter, payments>" == repr(pl.sqlite(SCHEMA))
    assert f"<SQLite in {path}: no tables>" == repr(pl.sqlite("", path=path))
