"""An interruption takes Ctrl-C and answers when it suits; whoever took it before has it back."""

import signal
import threading

import pytest

from phasm_lab.interpreter.interruption import Interruption
from phasm_lab.interpreter.watchdog import Watchdog


@pytest.fixture(autouse=True)
def handler():
    """A process that was started in the background is told to ignore Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def press():
    signal.raise_signal(signal.SIGINT)


def press_and_swallow():
    try:
        press()
    except BaseException:  # noqa: BLE001 - as user code may
        return "swallowed"
    return "not raised"


def is_here(file):
    return file == __file__


def test_the_first_is_noted_and_the_second_belongs_to_it():
    with Interruption() as interruption:
        assert not interruption.asked
        press()
        press()
        assert interruption.asked


def test_one_that_is_not_answered_for_long_is_raised():
    def press_for_ever():
        while True:
            press()

    with Interruption(), pytest.raises(KeyboardInterrupt):
        press_for_ever()


def test_in_a_watched_call_of_the_users_it_is_raised_at_once_whatever_that_catches():
    with Interruption() as interruption, interruption.reaching(is_here), pytest.raises(KeyboardInterrupt):
        Watchdog().call(press_and_swallow)


def test_a_watched_call_of_somebody_elses_goes_on():
    with Interruption() as interruption, interruption.reaching(lambda _: False):
        assert "not raised" == Watchdog().call(press_and_swallow)


def test_a_call_that_nobody_watches_goes_on():
    with Interruption() as interruption, interruption.reaching(is_here):
        assert "not raised" == press_and_swallow()


def test_after_an_interrupted_call_the_next_one_is_not():
    watchdog = Watchdog()
    with Interruption() as interruption, interruption.reaching(is_here), pytest.raises(KeyboardInterrupt):
        watchdog.call(press_and_swallow)
    assert 3 == watchdog.call(len, "abc")


def test_whoever_took_it_before_is_told_and_has_it_back():
    heard = []

    def hear(number, _frame):
        heard.append(number)
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, hear)
    with Interruption() as interruption:
        press()
    assert (True, [signal.SIGINT], hear) == (interruption.asked, heard, signal.getsignal(signal.SIGINT))


def test_who_ignores_it_goes_on_ignoring_it():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Interruption() as interruption:
        press()
    assert not interruption.asked


def test_another_thread_leaves_signals_alone():
    found = []

    def look():
        with Interruption():
            found.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert [signal.default_int_handler] == found
