"""A journaled lab: opened again where it was, whatever killed it."""

import json
import os
import random
import signal
import struct
import sys
from contextlib import contextmanager

import pytest

import phasm_lab as pl

KILL_COUNT = 300


def test_the_same_call_opens_the_history_where_it_was(scenario, ada, tmp_path):
    path = tmp_path / "lab.journal"
    lab = pl.Lab(scenario, journal=path)
    lab.fire(ada)
    lab.perform(1, "charged")
    lab.name("charged once")
    lab.goto(1)
    lab.crash()
    lab.goto(2)
    del lab
    again = pl.Lab(scenario, journal=path)
    assert (2, 5) == (again.selected.number, len(again.history))
    assert {3: "charged once"} == again.history.names
    again.run()
    assert {1: 500} == again.state.paid


def test_a_journal_of_changed_code_keeps_what_still_fits(scenario, ada, tmp_path):
    path = tmp_path / "lab.journal"
    lab = pl.Lab(scenario, journal=path)
    lab.fire(ada)
    lab.crash()
    del lab
    changed = pl.Scenario(
        scenario.machine, inputs=scenario.inputs, environment=scenario.environment, name=scenario.name
    )
    again = pl.Lab(changed, journal=path)
    assert 2 == len(again.history)
    assert ["step 2 of the journal does not fit any more"] == [text.split(":")[0] for text in again.problems]
    again.run()
    size = len(again.history)
    del again
    assert size == len(pl.Lab(changed, journal=path).history)


def test_a_lab_prints_first_what_of_its_journal_does_not_fit_any_more(scenario, ada, tmp_path):
    path = tmp_path / "lab.journal"
    lab = pl.Lab(scenario, journal=path)
    lab.fire(ada)
    lab.crash()
    del lab
    changed = pl.Scenario(
        scenario.machine, inputs=scenario.inputs, environment=scenario.environment, name=scenario.name
    )
    lines = repr(pl.Lab(changed, journal=path)).splitlines()

    assert "PHASM Lab, payments charging again: step 1 of 1" == lines[0]
    assert lines[1].startswith("  step 2 of the journal does not fit any more: ")
    assert "" == lines[2]


def work(scenario, path, pipe):
    """Take random steps in a journaled lab and say after each how many nodes there are."""
    lab, rng = pl.Lab(scenario, journal=path), random.Random(os.getpid())
    os.write(pipe, struct.pack("<i", len(lab.history)))
    while True:
        events = lab.enabled
        if not events or rng.random() < 0.2:
            lab.goto(rng.randrange(len(lab.history)))
        else:
            lab.take(rng.choice(events))
        os.write(pipe, struct.pack("<i", len(lab.history)))


def die_while_working(scenario, path, rng):
    """Fork a process that works on the journal, kill it after a random number of steps; return what it said last."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            work(scenario, path, writer)
        finally:
            os._exit(1)
    os.close(writer)
    said = 0
    for _ in range(rng.randrange(1, 12)):
        said = struct.unpack("<i", os.read(reader, 4))[0]
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert signal.SIGKILL == os.WTERMSIG(status)
    while rest := os.read(reader, 4):
        said = struct.unpack("<i", rest)[0]
    os.close(reader)
    return said


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and fork are POSIX")
def test_a_lab_killed_at_any_moment_loses_at_most_the_last_event(scenario, tmp_path):
    rng = random.Random(9)
    path = tmp_path / "killed.journal"
    for _ in range(KILL_COUNT):
        if path.exists() and path.stat().st_size > 60_000:
            path.unlink()
        said = die_while_working(scenario, path, rng)
        lines = path.read_bytes().split(b"\n")
        assert all(json.loads(line) for line in lines[:-1])
        again = pl.Lab(scenario, journal=path)
        assert len(again.history) in (said, said + 1)
        again.close()


@contextmanager
def no_room(path):
    """Let no file grow beyond what `path` has now and a few bytes."""
    resource = pytest.importorskip("resource")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 10, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_step_that_could_not_be_written_is_not_kept_and_written_the_next_time(scenario, ada, tmp_path):
    path = tmp_path / "full.journal"
    lab = pl.Lab(scenario, journal=path)
    lab.fire(ada)
    with no_room(path), pytest.raises(pl.TraceError):
        lab.perform(1, "charged")
    assert (2, 1) == (len(lab.history), lab.selected.number)
    lab.perform(1, "charged")
    lab.deliver(1)
    lab.close()
    again = pl.Lab(scenario, journal=path)
    assert ((), 4, {1: 500}) == (again.problems, again.selected.number, again.state.paid)


def test_going_back_and_forward_again_reopens_at_the_newest_step(scenario, ada, tmp_path):
    path = tmp_path / "lab.journal"
    lab = pl.Lab(scenario, journal=path)
    lab.fire(ada)
    lab.back()
    lab.forward()
    lab.close()
    assert 1 == pl.Lab(scenario, journal=path).selected.number


STRANGE_RECORDS = [
    {},
    {"record": "moon"},
    {"record": ["step"]},
    {"record": "step"},
    {"record": "step", "parent": 0},
    {"record": "step", "parent": [0], "event": {"event": "Recover"}},
    {"record": "step", "parent": 9, "event": {"event": "Recover"}},
    {"record": "step", "parent": 0, "event": {"event": "Fire", "input": {"$Fraction": "1e999999"}}},
    {
        "record": "step",
        "parent": 0,
        "event": {"event": "Fire", "input": "a", "fault": {"kind": "add fails", "number": -5}},
    },
    {"record": "select"},
    {"record": "select", "step": "1"},
    {"record": "name", "step": 0},
    {"record": "name", "step": 0, "name": 3},
    {"record": "name", "step": {}, "name": "a"},
]


@pytest.mark.parametrize("record", STRANGE_RECORDS, ids=repr)
def test_a_record_that_means_nothing_is_a_problem_and_the_rest_is_read(scenario, ada, tmp_path, record):
    path = tmp_path / "edited.journal"
    lab = pl.Lab(scenario, journal=path)
    lab.fire(ada)
    lab.close()
    with path.open("a") as file:
        file.write(json.dumps(record) + "\n")
    again = pl.Lab(scenario, journal=path)
    assert (1, 2, 1) == (len(again.problems), len(again.history), again.selected.number)
