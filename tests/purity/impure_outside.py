"""Functions that read or change something beyond their arguments."""

# ruff: noqa: ARG001, ARG002 - stf and restore take what they are given, in a test of what they do with something else too

import asyncio
import functools
import gc
import logging
import os
import random
import secrets
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import uuid
from datetime import UTC, date, datetime
from pathlib import Path
from time import time as now

import phasm_lab as pl
from tests.purity import helpers
from tests.purity.corpus import impure
from tests.purity.drive import plain_restore, plain_stf
from tests.purity.helpers import complain, dice, new_id, stamp

CLOCK = functools.partial(time.time)
LOG = logging.getLogger("notes.quiet")
TELL = print
TABLE = "create table notes (line text)"


@impure("outside-effect")
async def reads_the_clock(state, input, actions):
    state.lines.append(time.time())  # here: reads_the_clock


@impure("outside-effect")
async def reads_the_clock_by_another_name(state, input, actions):
    state.lines.append(now())  # here: reads_the_clock_by_another_name


@impure("outside-effect")
async def reads_the_clock_and_forgets_it(state, input, actions):
    time.perf_counter()  # here: reads_the_clock_and_forgets_it
    await plain_stf(state, input, actions)


@impure("outside-effect")
async def reads_date_and_time(state, input, actions):
    state.lines.append(datetime.now(UTC).isoformat())  # here: reads_date_and_time


@impure("outside-effect", role="restore")
async def restores_by_date(state, actions):
    if date.today().year > 1:  # noqa: DTZ011  # here: restores_by_date
        await plain_restore(state, actions)


@impure("outside-effect")
async def reads_a_clock_that_it_was_given(state, input, actions, clock=time.time):
    state.lines.append(clock())  # here: reads_a_clock_that_it_was_given


@impure("outside-effect")
async def reads_a_wrapped_clock(state, input, actions):
    state.lines.append(CLOCK())  # here: reads_a_wrapped_clock


class Session:
    @functools.cached_property
    def started(self):
        return time.time()  # here: reads_the_clock_once_for_an_object


SESSION = Session()


@impure("outside-effect")
async def reads_the_clock_once_for_an_object(state, input, actions):
    state.lines.append(str(SESSION.started))


@impure("outside-effect")
async def formats_the_time(state, input, actions):
    state.lines.append(time.strftime("%Y"))  # here: formats_the_time


@impure("outside-effect")
async def sleeps(state, input, actions):
    await plain_stf(state, input, actions)
    time.sleep(0)  # noqa: ASYNC251  # here: sleeps


@impure("outside-effect")
async def stamps_behind_a_helper(state, input, actions):
    state.lines.append(stamp())


@impure("outside-effect", role="restore")
async def dates_behind_a_helper(state, actions):
    if helpers.today():
        await plain_restore(state, actions)


@impure("outside-effect")
async def stamps_behind_a_default_factory(state, input, actions):
    state.lines.append(helpers.stamped("note"))


@impure("outside-effect")
async def draws(state, input, actions):
    state.lines.append(random.random())  # here: draws


@impure("outside-effect")
async def rolls_behind_a_helper(state, input, actions):
    state.lines.append(dice())


@impure("outside-effect")
async def shuffles_behind_a_helper(state, input, actions):
    state.lines += helpers.shuffled(["a", "b", "c"])


@impure("outside-effect")
async def draws_without_a_seed(state, input, actions):
    state.lines.append(random.Random().random())  # here: draws_without_a_seed


@impure("outside-effect")
async def makes_a_token(state, input, actions):
    state.lines.append(secrets.token_hex(4))  # here: makes_a_token


@impure("outside-effect")
async def makes_an_id(state, input, actions):
    actions.add(pl.Tracked(str(uuid.uuid4()), ("write", "a")))  # here: makes_an_id


@impure("outside-effect")
async def names_behind_a_helper(state, input, actions):
    actions.add(pl.Tracked(new_id(), ("write", "a")))


@impure("outside-effect")
async def reads_entropy(state, input, actions):
    state.lines.append(os.urandom(2))  # here: reads_entropy


@impure("outside-effect")
async def reads_a_variable_of_the_process(state, input, actions):
    state.lines.append(os.environ.get("HOME"))  # here: reads_a_variable_of_the_process


@impure("outside-effect")
async def configures_behind_a_helper(state, input, actions):
    state.lines.append(helpers.setting("HOME"))


@impure("outside-effect")
async def reads_the_command_line(state, input, actions):
    state.count = len(sys.argv)  # here: reads_the_command_line


@impure("outside-effect")
async def reads_a_file(state, input, actions):
    with open(__file__) as file:  # noqa: ASYNC230, PTH123  # here: reads_a_file
        state.lines.append(file.readline())


@impure("outside-effect")
async def reads_a_path(state, input, actions):
    state.lines.append(Path(__file__).read_text()[:3])  # noqa: ASYNC240  # here: reads_a_path


@impure("outside-effect", role="restore")
async def looks_behind_a_helper(state, actions):
    if not helpers.has_marker():
        await plain_restore(state, actions)


@impure("outside-effect")
async def lists_a_folder(state, input, actions):
    state.count = len(os.listdir("."))  # noqa: PTH208  # here: lists_a_folder


@impure("outside-effect")
async def keeps_a_file_for_a_moment(state, input, actions):
    with tempfile.TemporaryFile():  # here: keeps_a_file_for_a_moment
        await plain_stf(state, input, actions)


@impure("outside-effect")
async def opens_a_socket(state, input, actions):
    socket.socket().close()  # here: opens_a_socket


@impure("outside-effect")
async def asks_the_host_behind_a_helper(state, input, actions):
    state.lines.append(helpers.host())


@impure("outside-effect")
async def starts_a_process(state, input, actions):
    subprocess.run(["true"], check=True)  # noqa: ASYNC221, S607  # here: starts_a_process


@impure("outside-effect")
async def starts_a_thread(state, input, actions):
    threading.Thread(target=len, args=("",)).start()  # here: starts_a_thread


@impure("outside-effect")
async def asks_which_thread_it_is(state, input, actions):
    state.lines.append(helpers.thread_name())


@impure("outside-effect")
async def asks_for_the_number_of_its_thread(state, input, actions):
    state.lines.append(str(threading.get_ident()))  # here: asks_for_the_number_of_its_thread


@impure("outside-effect")
async def asks_where_temporary_files_go(state, input, actions):
    state.lines.append(helpers.scratch())


@impure("outside-effect")
async def asks_for_the_name_of_the_computer(state, input, actions):
    state.lines.append(helpers.computer())


@impure("outside-effect")
async def asks_for_the_language(state, input, actions):
    state.lines.append(helpers.language())


@impure("outside-effect")
async def counts_references(state, input, actions):
    state.count = sys.getrefcount(LOG)  # here: counts_references


@impure("outside-effect")
async def collects_garbage(state, input, actions):
    gc.collect()  # here: collects_garbage


@impure("outside-effect")
async def gives_a_logger_a_handler(state, input, actions):
    LOG.addHandler(logging.NullHandler())  # here: gives_a_logger_a_handler


@impure("outside-effect")
async def prints_its_stack(state, input, actions):
    traceback.print_stack()  # here: prints_its_stack


@impure("outside-effect")
async def prints(state, input, actions):
    print(input)  # noqa: T201  # here: prints


@impure("outside-effect")
async def prints_to_the_error_stream(state, input, actions):
    print(input, file=sys.stderr)  # noqa: T201  # here: prints_to_the_error_stream


@impure("outside-effect")
async def prints_by_another_name(state, input, actions):
    TELL(input)  # here: prints_by_another_name


@impure("outside-effect")
async def prints_to_what_tells_the_time(state, input, actions):
    print(input, file=Clocked())


class Clocked:
    def write(self, text):
        time.monotonic()  # here: prints_to_what_tells_the_time


@impure("outside-effect")
async def writes_to_a_stream(state, input, actions):
    sys.stdout.write("note")  # here: writes_to_a_stream


@impure("outside-effect")
async def complains_behind_a_helper(state, input, actions):
    complain("a note")


@impure("outside-effect")
async def waits_for_a_moment(state, input, actions):
    await asyncio.sleep(0)  # here: waits_for_a_moment


@impure("outside-effect")
async def waits_for_longer(state, input, actions):
    await asyncio.sleep(0.01)  # here: waits_for_longer


class Elsewhere:
    def __await__(self):
        yield "come back later"


@impure("outside-effect")
async def waits_for_something_of_its_own(state, input, actions):
    await Elsewhere()  # here: waits_for_something_of_its_own


@impure("outside-effect")
async def opens_a_database(state, input, actions):
    sqlite3.connect(":memory:").close()  # here: opens_a_database


@impure("outside-effect")
async def reads_the_clock_only_later(state, input, actions):
    state.count += 1
    if state.count == 3:
        state.lines.append(time.time_ns())  # here: reads_the_clock_only_later


async def restore_nothing(state, actions):
    del state, actions


@impure("outside-effect", initial=pl.sqlite(TABLE), restore=restore_nothing)
async def commits(state, input, actions):
    await state.execute("insert into notes values ('a')")
    await state.execute("commit")  # here: commits


@impure("outside-effect", initial=pl.sqlite(TABLE), restore=restore_nothing)
async def calls_commit(state, input, actions):
    await state.execute("insert into notes values ('a')")
    state.commit()  # here: calls_commit


@impure("outside-effect", initial=pl.sqlite(TABLE), restore=restore_nothing)
async def asks_the_database_for_the_time(state, input, actions):
    await state.execute("insert into notes values (datetime('now'))")  # here: asks_the_database_for_the_time
