"""Code with a misspelt field, found while its previews are made."""

import phasm_lab as pl
from phasm_lab.views.session import Session
from tests.views.machines import scenario_of, stf


async def misspelling_stf(shop, value, actions):
    if isinstance(value, pl.TrackedActionCompleted):
        shop.pendign = 3
    await stf(shop, value, actions)


async def misspelling_at_once(shop, value, actions):  # noqa: ARG001 - a stf is given them
    shop.pendign = 3


def misspelling_perform(network, action, choose):  # noqa: ARG001 - a perform is given them
    network.chraged = 3


def groups_of(lab):
    return {group["key"]: group for group in Session(lab).view()["choices"]["groups"]}


def test_an_input_that_cannot_be_fired_names_the_misspelt_field():
    chip = groups_of(pl.Lab(scenario_of(stf=misspelling_at_once)))["inputs"]["forms"][0]["chip"]

    assert chip["enabled"] is False
    assert "pendign" in chip["reason"]


def test_a_perform_that_cannot_be_done_names_the_misspelt_field():
    lab = pl.Lab(scenario_of(perform=misspelling_perform))
    lab.fire(lab.scenario.inputs[0])
    lab.dispatch(1)

    assert "chraged" in groups_of(lab)["in_flight"]["items"][0]["chips"][0]["reason"]


def test_a_group_without_a_note_says_why_its_choice_cannot_be_made():
    lab = pl.Lab(scenario_of(stf=misspelling_stf))
    lab.fire(lab.scenario.inputs[0])
    lab.dispatch(1)
    lab.perform(1)
    results = groups_of(lab)["results"]

    assert "pendign" in results["note"]
    assert results["items"][0]["chips"][0]["reason"] == results["note"]
