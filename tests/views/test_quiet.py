"""User code that prints is heard when it runs for a step, not when it is tried."""

# ruff: noqa: T201 - print is what is muted

import sys
import threading

import phasm_lab as pl
from phasm_lab.views.quiet import muted
from phasm_lab.views.session import Session
from tests.views.machines import asking_restore, perform, scenario_of, stf


async def printing_stf(shop, value, actions):
    print("stf")
    await stf(shop, value, actions)


async def printing_restore(shop, actions):
    print("restore")
    await asking_restore(shop, actions)


def printing_perform(network, action, choose):
    print("perform")
    return perform(network, action, choose)


def printing_lab():
    return pl.Lab(scenario_of(stf=printing_stf, restore=printing_restore, perform=printing_perform))


def test_showing_a_lab_prints_nothing(capsys):
    lab = printing_lab()
    session = Session(lab)
    for verb in (lambda: lab.fire(lab.scenario.inputs[0]), lambda: lab.dispatch(1), lambda: lab.perform(1), lab.crash):
        verb()
        capsys.readouterr()
        session.view()
        session.timeline()
        session.tree()
        session.graph()

        assert ("", "") == tuple(capsys.readouterr())


def test_a_step_that_is_clicked_prints_once(capsys):
    session = Session(printing_lab())
    chip = session.view()["choices"]["groups"][0]["forms"][0]["chip"]
    session.handle({"kind": "take", "serial": 1, "at": 0, "choice": chip["id"], "loses": []})

    assert "stf\n" == capsys.readouterr().out


def test_the_stream_that_was_there_is_put_back():
    before = sys.stdout
    with muted(), muted():
        pass

    assert sys.stdout is before


def test_another_thread_is_heard_meanwhile(capsys):
    with muted():
        thread = threading.Thread(target=print, args=("heard",))
        thread.start()
        thread.join()

    assert "heard\n" == capsys.readouterr().out


def test_muting_ends_with_the_outermost_block(capsys):
    with muted():
        with muted():
            pass
        print("not heard")
    print("heard")

    assert "heard\n" == capsys.readouterr().out
