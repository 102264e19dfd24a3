"""The table that stands in for a widget where no script runs."""

import phasm_lab as pl
from phasm_lab.checks.different_runs import BROKEN_MARK
from phasm_lab.examples.payments import ChargeCard
from phasm_lab.examples.payments import payments_charging_again as scenario
from phasm_lab.examples.transfer import transfer
from phasm_lab.export.tables import RUN_COLUMNS, run_rows, run_table

BROKEN = f"{BROKEN_MARK} broken"


def test_a_row_says_event_result_change_process_and_what_broke():
    lab = pl.Lab(scenario)
    lab.fire(scenario.inputs[0])
    lab.perform(1, "charged")
    lab.crash()
    lab.recover()
    lab.dispatch(1)
    lab.perform(1, "charged", life=1)
    assert [
        ["0", "start", "", "", "up", ""],
        ["1", "fire Pay(user='ada', cents=500)", "committed", "next_id = 2, pending[1] = 500", "up", ""],
        ["2", "dispatch 1", "", "", "up", ""],
        ["3", "perform 1, 'charged'", "", "charged[1] = 1", "up", ""],
        ["4", "crash", "", "", "down", ""],
        ["5", "recover", "committed", "", "up", ""],
        ["6", "dispatch 1", "", "", "up", ""],
        ["7", "perform 1, 'charged'", "", "charged[1] = 2", "up", f"{BROKEN} here first: no card is charged twice"],
    ] == run_rows(lab, lab.tip.path())


def test_every_row_after_the_first_broken_one_says_that_too():
    lab = pl.Lab(scenario)
    lab.fire(scenario.inputs[0])
    lab.perform(1, "charged")
    lab.crash()
    lab.recover()
    lab.perform(1, "charged", life=1)
    lab.deliver(1, life=0)
    last = run_rows(lab, lab.tip.path())[-1]
    assert f"{BROKEN} before: no card is charged twice (at 7)" == last[-1]


def test_a_rule_that_a_step_breaks_is_named_in_its_row():
    lab = next(each for each in pl.check(stuck()).findings if each.check == "stuck").open()
    assert f"{BROKEN} here first: unwatched-action, stuck" == run_rows(lab, lab.tip.path())[-1][-1]


def stuck():
    async def restore(state, actions):
        for payment_id in [*state.pending, *state.paid]:
            actions.add(pl.Tracked(payment_id, ChargeCard(payment_id, 1)))

    machine = pl.Machine(scenario.machine.initial, stf=scenario.machine.stf, restore=restore)
    return pl.Scenario(machine, inputs=scenario.inputs[:1], environment=scenario.environment)


def test_a_rejection_says_why():
    lab = pl.Lab(scenario)
    lab.fire(scenario.inputs[0])
    lab.perform(1, "charged")
    lab.crash()
    lab.recover()
    lab.deliver(1, life=0)
    lab.perform(1, "charged")
    lab.deliver(1)
    assert "rejected: KeyError: 1" == run_rows(lab, [lab.selected])[0][2]


def test_a_row_of_a_database_is_called_as_a_verdict_calls_it():
    lab = pl.Lab(transfer)
    lab.fire(transfer.inputs[0])
    assert "transfers[1] = (id=1, cents=6000, stage='withdrawing', request_id=1)" == run_rows(lab, [lab.selected])[0][3]


def test_every_row_has_the_columns_of_the_head():
    lab = pl.Lab(scenario)
    assert len(RUN_COLUMNS) == len(run_rows(lab, lab.tip.path())[0])


def test_of_a_long_run_the_table_shows_the_last_200_rows_and_says_so():
    payment = scenario.inputs[0]
    lab = pl.Lab(pl.Scenario(scenario.machine, inputs=[payment] * 250))
    for _ in range(250):
        lab.fire(payment)
    table = run_table(lab)
    assert 201 == table.count("<tr>")
    assert "PHASM Lab, payments: step 250 of a run of 250 steps, the last 200 shown" in table
