"""Scenarios to be searched: one that takes long, and a way to wait for a search."""

import threading

import phasm_lab as pl
from phasm_lab.examples.payments import payments
from phasm_lab.views.search import WORKER_NAME

LONG = pl.Scenario(
    payments.machine,
    inputs=[payments.inputs[0]] * 4,
    environment=payments.environment,
    faults=pl.Faults(crashes=2, lost_results=1),
    properties=payments.properties,
    order="any",
    limit=10_000_000,
)


def workers():
    return [thread for thread in threading.enumerate() if thread.name == WORKER_NAME]


def wait_for_workers():
    for thread in workers():
        thread.join()
