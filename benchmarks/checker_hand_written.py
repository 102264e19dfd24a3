"""A breadth-first search written by hand for the payments that `tests/tla/Payments.tla` models, and for nothing else.

Run it with ``python -m benchmarks.checker_hand_written 4 1``: payments, crashes. It is what a check is held against.

A configuration is ``(up, life, payment, payment, ...)`` and a payment ``(status, answer, message, message, ...)`` with
the message of each life: nothing, a charge that is queued, requested or answered, or a status query likewise.
"""

# ruff: noqa: RUF005 - adding tuples takes a third less time than unpacking them

import sys
import time
from itertools import product

NEW, PENDING, CHARGED, DECLINED = range(4)
GONE, QUEUED, REQUESTED, ANSWERED = range(4)
QUERY = 4
"""Added to the place of a message that is a status query."""


def moved(payment, up, life):
    """Return what a payment may become when one of its messages goes on."""
    status, answer = payment[:2]
    found = []
    for index in range(2, 3 + life):
        place = payment[index]
        if not place:
            continue
        before, after = payment[2:index], payment[index + 1 :]
        stage = place % QUERY
        if stage == REQUESTED:
            answers = (answer,) if answer else (DECLINED,) if place > QUERY else (CHARGED, DECLINED)
            found += [(status, decided) + before + (place + 1,) + after for decided in answers]
        elif up and stage == QUEUED:
            found.append((status, answer) + before + (place + 1,) + after)
        elif up:
            found.append((answer if status == PENDING else status, answer) + before + (GONE,) + after)
    return found


def crashed(payment):
    """Return what a payment may become in a crash: what is queued is lost, what is on the wire may be."""
    left = [(GONE, place) if place % QUERY > QUEUED else (GONE,) for place in payment[2:]]
    return [payment[:2] + messages for messages in product(*left)]


def recovered(payment, life):
    """Return a payment after restore, which asks about it if it is pending."""
    if payment[0] != PENDING:
        return payment
    return payment[: 2 + life] + (QUERY + QUEUED,) + payment[3 + life :]


def successors(configuration, crash_count):
    """Return every configuration that one event leads to."""
    up, life = configuration[:2]
    found = []
    for number, payment in enumerate(configuration[2:], start=2):
        before, after = configuration[:number], configuration[number + 1 :]
        if payment[0] == NEW:
            if up:
                accepted = (PENDING,) + payment[1 : 2 + life] + (QUEUED,) + payment[3 + life :]
                found.append(before + (accepted,) + after)
            break
        found += [before + (ended,) + after for ended in moved(payment, up, life)]
    if not up:
        found.append((True, life) + tuple([recovered(payment, life) for payment in configuration[2:]]))
    elif life < crash_count:
        found += [(False, life + 1) + left for left in product(*map(crashed, configuration[2:]))]
    return found


def search(payment_count, crash_count):
    """Return every configuration, each with the one that it was first met from."""
    start = (True, 0, *[(NEW, 0, *[GONE] * (1 + crash_count))] * payment_count)
    parents = {start: None}
    level = [start]
    while level:
        met = []
        for configuration in level:
            for after in successors(configuration, crash_count):
                if after not in parents:
                    parents[after] = configuration
                    met.append(after)
        level = met
    return parents


def main():
    """Search the case that the command line names and print how it went."""
    payment_count, crash_count = map(int, sys.argv[1:] or (3, 1))
    started = time.process_time()
    count = len(search(payment_count, crash_count))
    duration_s = time.process_time() - started
    print(f"{count} configurations in {duration_s:.2f} s: {count / duration_s:,.0f}/s")


if __name__ == "__main__":
    main()
