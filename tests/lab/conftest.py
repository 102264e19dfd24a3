"""The payments machine of the design, which charges a card again after a crash."""

import pytest

from phasm_lab.examples.payments import payments_charging_again


@pytest.fixture
def scenario():
    return payments_charging_again


@pytest.fixture
def ada(scenario):
    return scenario.inputs[0]


@pytest.fixture
def bob(scenario):
    return scenario.inputs[1]
