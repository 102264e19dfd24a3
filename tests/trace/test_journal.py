import gc
import os
import random
import resource
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

import phasm_lab as pl
from phasm_lab.trace.journal import Journal

ROOT = Path(__file__).parents[2]
HEADER = b'{"format":"phasm-lab-journal","version":1,"scenario":"shop"}\n'
RECORDS = [
    {"record": "step", "parent": 0, "event": {"event": "Fire", "input": "a\u2028\n"}},
    {"record": "select", "step": 0},
    {"record": "name", "step": 1, "name": "<b>é</b>"},
]
WHOLE = (
    HEADER
    + b'{"record":"step","parent":0,"event":{"event":"Fire","input":"a\\u2028\\n"}}\n'
    + b'{"record":"select","step":0}\n'
    + b'{"record":"name","step":1,"name":"<b>\\u00e9</b>"}\n'
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "shop.journal"


def records_in(path):
    journal, records = Journal.open(path, "shop")
    journal.close()
    return records


def refusal(path, scenario_name="shop"):
    with pytest.raises(pl.TraceError) as raised:
        Journal.open(path, scenario_name)
    assert raised.value.asked == f"journal={str(path)!r}"
    return str(raised.value).removeprefix(f"{raised.value.asked}: ")


def test_a_new_journal_has_a_header_and_no_records(path):
    assert [] == records_in(path)
    assert HEADER == path.read_bytes()


def test_records_are_in_the_file_when_append_returns(path):
    journal, _ = Journal.open(path, "shop")
    for record in RECORDS:
        journal.append(record)
    assert WHOLE == path.read_bytes()
    journal.close()


def test_records_come_back_in_order(path):
    path.write_bytes(WHOLE)
    assert RECORDS == records_in(str(path))
    assert WHOLE == path.read_bytes()


def test_a_journal_goes_on_where_it_was(path):
    with Journal.open(path, "shop")[0] as journal:
        journal.append(RECORDS[0])
    with Journal.open(path, "shop")[0] as journal:
        journal.append(RECORDS[1])
    assert RECORDS[:2] == records_in(path)


def test_each_record_is_one_write(path, monkeypatch):
    journal, _ = Journal.open(path, "shop")
    written, write = [], os.write
    monkeypatch.setattr(os, "write", lambda descriptor, line: written.append(line) or write(descriptor, line))
    journal.append(RECORDS[1])
    journal.close()
    assert [b'{"record":"select","step":0}\n'] == written


@pytest.mark.parametrize("length", range(len(WHOLE) + 1))
def test_a_file_cut_off_anywhere_loses_its_unfinished_line_alone(path, length):
    path.write_bytes(WHOLE[:length])
    whole_line_count = WHOLE[:length].count(b"\n")
    journal, records = Journal.open(path, "shop")
    journal.append({"record": "select", "step": 9})
    journal.close()
    assert RECORDS[: max(whole_line_count - 1, 0)] == records
    assert [*records, {"record": "select", "step": 9}] == records_in(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"hello\n", "it is not a journal of PHASM Lab: it begins with 'hello'; name another file"),
        (b"hello", "it is not a journal of PHASM Lab: it begins with 'hello'; name another file"),
        (b"\n", "it is not a journal of PHASM Lab: it begins with ''; name another file"),
        (
            b"<!DOCTYPE html>\n<b>",
            "it is not a journal of PHASM Lab: it begins with '<!DOCTYPE html>'; name another file",
        ),
        (
            b"\x89PNG\r\n\x1a\n\x00",
            "it is not a journal of PHASM Lab: it begins with '\ufffdPNG\\r'; name another file",
        ),
        (
            b'{"format":"phasm-lab-trace","version":1}\n',
            'it is not a journal of PHASM Lab: it begins with \'{"format":"phasm-lab-trace","version":1}\'; name another file',
        ),
        (
            HEADER.replace(b'"version":1', b'"version":2'),
            "it is written in version 2 of the format; this PHASM Lab reads version 1",
        ),
        (
            HEADER.replace(b"shop", b"bank"),
            "it belongs to the scenario 'bank', not to 'shop'; name another file",
        ),
        (HEADER + b"hello\n{}\n", "its line 2 is no record: 'hello'; take that line out, or name another file"),
        (HEADER + b"{}\n[1]\n", "its line 3 is no record: '[1]'; take that line out, or name another file"),
        (HEADER + b"\n{}\n", "its line 2 is no record: ''; take that line out, or name another file"),
    ],
)
def test_a_file_that_is_something_else_is_refused_and_left_as_it_was(path, content, message):
    path.write_bytes(content)
    assert message == refusal(path)
    assert content == path.read_bytes()


def test_a_refused_file_can_be_opened_by_its_own_scenario(path):
    path.write_bytes(WHOLE)
    assert "it belongs to the scenario 'shop', not to 'bank'; name another file" == refusal(path, "bank")
    assert RECORDS == records_in(path)


def test_the_folder_must_be_there(tmp_path):
    folder = tmp_path / "none"
    assert f"there is no folder {str(folder)!r}; make it first" == refusal(folder / "shop.journal")
    assert not folder.exists()


def test_a_folder_is_no_journal(tmp_path):
    assert "it is a folder; name a file in it" == refusal(tmp_path)


def test_a_name_that_no_file_can_have_is_refused(tmp_path):
    assert "it cannot be opened: File name too long" == refusal(tmp_path / ("x" * 1_000))


def test_a_closed_journal_takes_no_records(path):
    journal, _ = Journal.open(path, "shop")
    journal.close()
    journal.close()
    assert f"<journal {str(path)!r}, closed>" == repr(journal)
    with pytest.raises(pl.TraceError) as raised:
        journal.append({})
    assert (
        f"journal {str(path)!r}: it is closed, or was opened again since; go on in the lab that was opened last"
        == str(raised.value)
    )


def test_the_same_process_takes_the_file_over(path):
    older, _ = Journal.open(path, "shop")
    older.append(RECORDS[0])
    newer, records = Journal.open(path, "shop")
    assert (RECORDS[:1], True, False) == (records, older.closed, newer.closed)
    newer.append(RECORDS[1])
    newer.close()
    assert RECORDS[:2] == records_in(path)


def test_a_refused_call_leaves_the_older_journal_open(path):
    older, _ = Journal.open(path, "shop")
    refusal(path, "bank")
    older.append(RECORDS[0])
    older.close()
    assert RECORDS[:1] == records_in(path)


def test_a_forgotten_journal_lets_go_of_its_file(path):
    journal, _ = Journal.open(path, "shop")
    del journal
    gc.collect()
    with working(path, "hold") as holder:
        assert b"open 0\n" == holder.stdout.readline()


@contextmanager
def working(path, task):
    """A process that has the journal open; it is gone afterwards."""
    command = [sys.executable, "-m", "tests.trace.append_records", str(path), "shop", task]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process
        process.kill()


def test_a_second_process_is_refused_until_the_first_is_gone(path):
    with working(path, "hold") as holder:
        assert b"open 0\n" == holder.stdout.readline()
        assert "another process has it open; close the lab there, or name another file" == refusal(path)
    assert [] == records_in(path)


def test_a_forked_child_does_not_write_to_its_parents_journal(path):
    journal, _ = Journal.open(path, "shop")
    child = os.fork()
    if child == 0:
        refused = 0
        try:
            journal.append(RECORDS[0])
        except pl.TraceError:
            refused += 1
        try:
            Journal.open(path, "shop")
        except pl.TraceError:
            refused += 1
        os._exit(refused)
    _, status = os.waitpid(child, 0)
    assert 2 == os.waitstatus_to_exitcode(status)
    journal.append(RECORDS[1])
    journal.close()
    assert RECORDS[1:2] == records_in(path)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_moment_of_its_death_every_record_that_was_reported_is_there(path, seed):
    with working(path, "append") as writer:
        assert b"open 0\n" == writer.stdout.readline()
        reported = 0
        for _ in range(random.Random(seed).randrange(200)):
            reported = int(writer.stdout.readline())
        writer.send_signal(signal.SIGKILL)
        said = writer.stdout.read().splitlines(keepends=True)
        assert -signal.SIGKILL == writer.wait()
    reported = max([reported, *(int(line) for line in said if line.endswith(b"\n"))])
    records = records_in(path)
    assert list(range(len(records))) == [record["number"] for record in records]
    assert len(records) - reported in {0, 1}


@contextmanager
def largest_file(size):
    """No file of this process may grow beyond `size` bytes meanwhile."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def append_without_room(journal, path, byte_count):
    """Append where there is room for some bytes more; return what the error says."""
    with largest_file(path.stat().st_size + byte_count), pytest.raises(pl.TraceError) as raised:
        journal.append(RECORDS[0])
    return str(raised.value).removeprefix(f"journal {str(path)!r}: ")


def test_a_record_that_finds_no_room_is_refused_and_leaves_whole_records(path):
    journal, _ = Journal.open(path, "shop")
    journal.append(RECORDS[1])
    assert "only a part of a record could be written; make room on the disk" == append_without_room(journal, path, 7)
    assert "it cannot be written: File too large; name a file elsewhere" == append_without_room(journal, path, 0)
    journal.append(RECORDS[2])
    journal.close()
    assert RECORDS[1:] == records_in(path)
