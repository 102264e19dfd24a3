import json

import pytest

import phasm_lab as pl
from phasm_lab.engine import Crash, Fault, Fire, Recover
from phasm_lab.trace.trace import Trace
from tests.trace.shop import (
    ADA,
    Order,
    deliver,
    dispatch,
    perform_request,
    random_trace,
    shop,
    stf,
    take,
)

BOB = Order("bob", frozenset({"tea"}))
CHARGED_LATE = [
    Fire(BOB),
    dispatch(),
    perform_request("declined"),
    Crash(),
    Recover(),
    deliver(),
]


@pytest.fixture
def scenario():
    return shop(inputs=[BOB])


@pytest.fixture
def trace(scenario):
    return take(scenario, *CHARGED_LATE)


HEADER = '{"format":"phasm-lab-trace","version":1,"scenario":"shop","step_count":6}\n'
ACTION = '{"$":"Tracked","id":"bob-1","payload":{"$":"Charge","order_id":"bob-1","items":{"$frozenset":["tea"]}}}'
PARCEL = '{"$":"Tracked","id":{"$tuple":["bob-1","parcel"]},"payload":{"$tuple":["pack",{"$frozenset":["tea"]}]}}'
HELLO = '{"$":"Untracked","payload":"tell bob: processing"}'
LINES = [
    (
        '{"event":"Fire","input":{"$":"Order","user":"bob","items":{"$frozenset":["tea"]}},"observed":{"result":"committed",'
        f'"emitted":[{ACTION},{PARCEL},{HELLO}],"state":[{{"path":"next_number","sign":"~","old":"1","new":"2"}},'
        """{"path":"orders['bob-1']","sign":"+","new":"frozenset({'tea'})"},"""
        """{"path":"seen","sign":"~","old":"frozenset()","new":"frozenset({'tea'})"}]}}"""
    ),
    f'{{"event":"Dispatch","action":{ACTION},"life":0,"observed":{{}}}}',
    (
        f'{{"event":"Perform","request":{{"$":"Request","action":{ACTION},"life":0}},"choices":["declined"],"observed":'
        '{"value":"declined"}}'
    ),
    f'{{"event":"Crash","observed":{{"lost":[{PARCEL},{HELLO}]}}}}',
    f'{{"event":"Recover","observed":{{"result":"committed","emitted":[{ACTION}]}}}}',
    (
        f'{{"event":"Deliver","result":{{"$":"Result","action":{ACTION},"life":0,"value":"declined"}},"observed":'
        """{"result":"committed","state":[{"path":"orders['bob-1']","sign":"-","old":"frozenset({'tea'})"}]}}"""
    ),
]


def test_a_trace_is_written_as_these_lines(trace):
    assert [HEADER, *(line + "\n" for line in LINES)] == trace.to_json_lines().splitlines(keepends=True)


def test_what_is_written_to_a_file_is_read_again(trace, tmp_path):
    trace.write(tmp_path / "late.jsonl")
    stored = Trace.read(tmp_path / "late.jsonl")
    assert trace.to_json_lines().encode() == (tmp_path / "late.jsonl").read_bytes()
    assert ("shop", 6) == (stored.scenario_name, len(stored))
    assert Trace.read(str(tmp_path / "late.jsonl")) == stored == Trace.read(trace.to_json_lines())


def test_a_stored_trace_replays_to_an_equal_trace_without_notes(scenario, trace):
    found = Trace.read(trace.to_json_lines()).replay(scenario)
    assert (None, ()) == (found.problem, found.notes)
    assert trace == Trace(scenario, found.start, found.steps)


@pytest.mark.parametrize("seed", range(20))
def test_a_walk_replays_to_an_equal_trace(seed):
    trace = random_trace(shop(), seed, 30)
    found = Trace.read(trace.to_json_lines()).replay(shop())
    assert (None, ()) == (found.problem, found.notes)
    assert trace == Trace(shop(), found.start, found.steps)


def test_a_trace_is_a_sequence_of_its_steps(trace):
    assert 6 == len(trace)
    assert trace.steps == tuple(trace)
    assert trace.steps[-1] is trace[-1]
    assert trace.steps[1:3] == trace[1:3]


def test_traces_of_the_same_run_are_equal_and_others_differ(scenario, trace):
    again = take(scenario, *CHARGED_LATE)
    assert (again, hash(again)) == (trace, hash(trace))
    assert trace != take(scenario, *CHARGED_LATE[:-1])
    assert trace != take(scenario, *CHARGED_LATE[:-1], deliver(Fault("commit fails")))
    assert trace != "a trace"


def test_a_result_that_is_now_rejected_is_a_note(trace):
    async def stf_that_forgets(state, input, actions):
        if isinstance(input, pl.TrackedActionCompleted):
            raise KeyError(input.id)
        await stf(state, input, actions)

    found = Trace.read(trace.to_json_lines()).replay(shop(stf=stf_that_forgets, inputs=[BOB]))
    assert found.problem is None
    assert [
        (
            5,
            (
                "Step 6, deliver 'bob-1', 'declined': refusal was nothing, is \"KeyError: 'bob-1'\"; "
                "result was 'committed', is 'rejected'; state was (- orders['bob-1']: frozenset({'tea'})), is nothing"
            ),
        )
    ] == [(note.index, note.message) for note in found.notes]


def test_another_value_of_the_environment_is_a_note():
    def perform_in_the_south(_network, _action, choose):
        return ("charged", "south") if choose("charged", "declined") == "charged" else "declined"

    stored = Trace.read(take(shop(), Fire(ADA), dispatch(), perform_request("charged")).to_json_lines())
    found = stored.replay(shop(perform=perform_in_the_south))
    assert [
        (
            "Step 3, perform 'ada-1', 'charged': environment was (+ charged['ada-1']: 1), is nothing; taken was ['north'], "
            "is nothing; value was ('charged', 'north'), is ('charged', 'south')"
        )
    ] == [note.message for note in found.notes]


def test_a_replay_ends_where_an_event_does_not_fit_and_keeps_its_notes(trace):
    found = Trace.read(trace.to_json_lines()).replay(shop(inputs=[BOB], faults={}))
    assert (3, "crash") == (found.problem.index, found.problem.wanted)
    assert 3 == len(found.steps)
    assert () == found.notes


TABLE = """\
shop · 6 steps
step  event                                             what it led to
   1  fire Order(user='bob', items=frozenset({'tea'}))  committed · next_number: 1 → 2 · + orders['bob-1']: frozenset({'t…
   2  dispatch 'bob-1'
   3  perform 'bob-1', 'declined'                       returns 'declined'
   4  crash                                             loses ('bob-1', 'parcel') ('pack', frozenset({'tea'})) · loses un…
   5  recover                                           committed · emits 'bob-1' Charge(order_id='bob-1', items=frozense…
   6  deliver 'bob-1', 'declined'                       committed · - orders['bob-1']: frozenset({'tea'})"""


def test_a_trace_is_shown_as_a_table(trace):
    assert TABLE == repr(trace)


def test_a_stored_trace_is_shown_as_the_same_table(trace):
    assert f"stored: {TABLE}" == repr(Trace.read(trace.to_json_lines()))


def test_a_long_input_leaves_its_crash_point_whole():
    trace = take(shop(), Fire("x" * 100, fault=Fault("before commit")))
    assert "   1  crash in fire 'xxxxxxxxxxxxx…xxxxxx' before commit  down" in repr(trace)


def test_a_trace_without_steps_is_one_line(scenario):
    assert "shop · no steps yet" == repr(take(scenario))


def test_a_long_trace_is_folded_in_its_middle():
    trace = take(shop(faults={}), *[Fire(number) for number in range(1_000)])
    lines = repr(trace).splitlines()
    assert 43 == len(lines)
    assert "shop · 1,000 steps" == lines[0]
    assert "   20  fire 19   committed · not in the scenario" == lines[21]
    assert "… 960 more steps …" == lines[22]
    assert "  981  fire 980  committed · not in the scenario" == lines[23]


def test_markup_controls_and_long_text_stay_in_their_cell():
    hostile = "</td><script>\n\u202e\x1b[2J" + "x" * 100_000
    trace = take(shop(faults={}), Fire(hostile))
    lines = repr(trace).splitlines()
    assert 3 == len(lines)
    assert "   1  fire '</td><script>\\n\\u202e\\x1b[2J…xxxxxxxxxxxxxx'  committed · not in the scenario" == lines[2]


def test_a_hostile_input_comes_back_as_it_was():
    hostile = "</td><script>\n\u202e\x1b[2J\ud800"
    found = Trace.read(take(shop(), Fire(hostile)).to_json_lines()).replay(shop())
    assert [Fire(hostile)] == [step.event for step in found.steps]


def test_an_access_that_failed_and_one_at_which_the_process_died_are_named():
    trace = take(shop(inputs=[BOB]), Fire(BOB, fault=Fault("access fails", 2)), Fire(BOB, fault=Fault("at access", 1)))
    assert [
        "failed · StorageError: access 2 (read next_number): the lab made …",
        "down · at read next_number",
    ] == [line[49:] for line in repr(trace).splitlines()[2:]]


WHOLE = HEADER + "".join(line + "\n" for line in LINES)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{"format": "other"}\n',
            """Trace.read(...): it is not a trace of PHASM Lab: it begins with '{"format": "other"}'""",
        ),
        ("{\n", "Trace.read(...): it is not a trace of PHASM Lab: it begins with '{'"),
        ("\n", "Trace.read(...): it is not a trace of PHASM Lab: it begins with ''"),
        (
            "<!DOCTYPE html>\n<script>alert(1)</script>\n",
            "Trace.read(...): it is not a trace of PHASM Lab: it begins with '<!DOCTYPE html>'",
        ),
        (
            HEADER.replace('"version":1', '"version":2'),
            "Trace.read(...): it is written in version 2 of the format; this PHASM Lab reads version 1",
        ),
        (WHOLE[:-1], "Trace.read(...): its last line, line 7, is cut off; write the trace once more"),
        (WHOLE[:-50], "Trace.read(...): its last line, line 7, is cut off; write the trace once more"),
        (HEADER[:-1], "Trace.read(...): its last line, line 1, is cut off; write the trace once more"),
        (
            "".join(WHOLE.splitlines(keepends=True)[:-1]),
            "Trace.read(...): it has 5 of 6 steps; write the trace once more",
        ),
        (
            HEADER + '{"event":"Crash"}\n',
            """Trace.read(...): its line 2 is no step: '{"event":"Crash"}'; write the trace once more""",
        ),
        (HEADER + "<b>\n", "Trace.read(...): its line 2 is no step: '<b>'; write the trace once more"),
        (HEADER + "\n", "Trace.read(...): its line 2 is no step: ''; write the trace once more"),
    ],
)
def test_what_is_not_a_whole_trace_is_refused(text, message):
    with pytest.raises(pl.TraceError) as raised:
        Trace.read(text)
    assert message == str(raised.value)


def test_a_file_that_is_not_there_or_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(pl.TraceError) as raised:
        Trace.read(tmp_path / "none.jsonl")
    assert f"Trace.read({str(tmp_path / 'none.jsonl')!r}): there is no such file" == str(raised.value)
    with pytest.raises(pl.TraceError) as raised:
        Trace.read(tmp_path)
    assert f"Trace.read({str(tmp_path)!r}): it cannot be read: Is a directory" == str(raised.value)


def test_a_file_of_bytes_is_refused(tmp_path):
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    with pytest.raises(pl.TraceError) as raised:
        Trace.read(tmp_path / "picture.png")
    assert "it is not a trace of PHASM Lab: it begins with '\ufffdPNG\\r'" == raised.value.case


def test_a_trace_cut_off_anywhere_is_refused():
    for length in range(1, len(WHOLE)):
        with pytest.raises(pl.TraceError):
            Trace.read(WHOLE[:length])


@pytest.mark.parametrize(
    "observed", [{"emitted": [1]}, {"state": 1}, {"state": [{}]}, {"lost": [{}]}, {"value": {"$set": 1}}]
)
def test_a_damaged_observation_is_shown_and_noted_somehow(observed):
    lines = [
        json.dumps({"format": "phasm-lab-trace", "version": 1, "scenario": "<b>", "step_count": 1}),
        json.dumps({"event": "Fire", "input": 1, "observed": observed}),
    ]
    stored = Trace.read("\n".join(lines) + "\n")
    assert repr(stored).startswith("stored: <b> · 1 step\n")
    assert [0] == [note.index for note in stored.replay(shop()).notes]


def test_the_lost_and_the_emitted_are_encoded_whatever_they_are():
    trace = take(
        shop(inputs=[BOB]), Fire(BOB), dispatch(), perform_request("declined"), lambda here: Crash(here.results)
    )
    assert [["Tracked", "Untracked", "Result"]] == [
        [item["$"] for item in observed["lost"]]
        for observed in Trace.read(trace.to_json_lines()).observed
        if "lost" in observed
    ]
