"""Helpers that impure machines hide behind."""

import datetime
import locale
import logging
import os
import platform
import random
import socket
import tempfile
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

TOTAL = 0
SEEN = []


def stamp():
    return time.monotonic()  # here: stamps_behind_a_helper


def today():
    return datetime.date.today().isoformat()  # noqa: DTZ011  # here: dates_behind_a_helper


def dice():
    return random.randint(1, 6)  # here: rolls_behind_a_helper


def new_id():
    return str(uuid.uuid1())  # here: names_behind_a_helper


def setting(name):
    return os.getenv(name, "")  # here: configures_behind_a_helper


def has_marker():
    return Path("marker").exists()  # here: looks_behind_a_helper


def host():
    return socket.gethostname()  # here: asks_the_host_behind_a_helper


def complain(text):
    logging.getLogger("notes").warning(text)  # here: complains_behind_a_helper


def shuffled(items):
    return sorted(items, key=lambda _: random.random())  # here: shuffles_behind_a_helper


@dataclass
class Stamped:
    text: str
    at: float = field(default_factory=time.time)


def stamped(text):
    return Stamped(text).at  # here: stamps_behind_a_default_factory


async def wait_for(awaitable):
    await awaitable


def count():
    global TOTAL  # noqa: PLW0603
    TOTAL += 1  # here: counts_behind_a_helper
    return TOTAL


def remember(value):
    SEEN.append(value)  # here: remembers_behind_a_helper


def thread_name():
    return threading.current_thread().name  # here: asks_which_thread_it_is


def scratch():
    return tempfile.gettempdir()  # here: asks_where_temporary_files_go


def computer():
    return platform.node()  # here: asks_for_the_name_of_the_computer


def language():
    return str(locale.getlocale())  # here: asks_for_the_language


def told(thing):
    return str(thing)  # here: tells_an_address_behind_a_helper


class Tally:
    def __init__(self):
        self.count = 0

    def add(self):
        self.count += 1  # here: tallies_behind_a_helper


TALLY = Tally()


def first_of(names):
    return next(iter(set(names)))  # here: picks_behind_a_helper


def in_some_order(names):
    return [name for name in {*names}]  # noqa: C416  # here: orders_behind_a_helper


def bucket(name):
    return hash(name) % 1_000  # here: buckets_behind_a_helper
