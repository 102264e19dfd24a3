"""A trace as a data frame."""

import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again as scenario
from phasm_lab.export.frames import COLUMNS, trace_frame


def broken_run():
    lab = pl.Lab(scenario)
    lab.fire(scenario.inputs[0])
    lab.dispatch(1)
    lab.perform(1, "charged")
    lab.crash()
    lab.recover()
    lab.deliver(1, life=0)
    lab.perform(1, "charged", life=1)
    lab.deliver(1)
    return lab.trace


def test_a_row_is_an_event_and_the_columns_are_those_that_are_documented():
    frame = trace_frame(broken_run())
    assert list(COLUMNS) == list(frame.columns)
    assert COLUMNS == {name: str(kind) for name, kind in frame.dtypes.items()}
    assert [1, 2, 3, 4, 5, 6, 7, 8, 9] == list(frame["step_index"])


def test_each_event_has_its_kind_and_the_id_and_kind_of_its_action():
    frame = trace_frame(broken_run())
    assert [
        ("fire", None, "Pay"),
        ("dispatch", 1, "ChargeCard"),
        ("perform", 1, "ChargeCard"),
        ("crash", None, ""),
        ("recover", None, ""),
        ("deliver", 1, "ChargeCard"),
        ("dispatch", 1, "ChargeCard"),
        ("perform", 1, "ChargeCard"),
        ("deliver", 1, "ChargeCard"),
    ] == list(frame[["event", "id", "kind"]].itertuples(index=False, name=None))


def test_a_rejection_has_its_reason():
    last = trace_frame(broken_run()).iloc[-1]
    assert ("rejected", "KeyError: 1") == (last["result"], last["why"])


def test_the_process_is_down_between_crash_and_recover():
    assert [True, True, True, False, True, True, True, True, True] == list(trace_frame(broken_run())["up"])


def test_the_state_changes_only_where_a_transition_changed_it():
    assert [1, 6] == list(trace_frame(broken_run()).query("state_changed")["step_index"])


def test_an_id_stays_what_it_is_where_other_rows_have_none():
    assert [int] == [type(value) for value in trace_frame(broken_run())["id"].iloc[1:2]]


def test_the_frame_of_a_run_without_events_is_empty_and_has_the_columns():
    frame = trace_frame(pl.Lab(scenario).trace)
    assert (0, list(COLUMNS)) == (len(frame), list(frame.columns))


def test_a_trace_gives_this_frame_itself():
    assert list(COLUMNS) == list(broken_run().to_frame().columns)
