"""Every chip can be taken and does what it says; crash chips are exactly the places where the process may die."""

import random

import pytest

import phasm_lab as pl
from phasm_lab.engine.events import Deliver, Fire, Recover
from phasm_lab.engine.step import step
from phasm_lab.examples import all_examples
from phasm_lab.machine.definition import FAULT_NAMES
from phasm_lab.machine.values import Tracked
from phasm_lab.views.session import Session

EXAMPLES = all_examples()
MANY = dict.fromkeys(FAULT_NAMES, 9)


def with_faults(scenario, **budgets):
    return pl.Scenario(
        scenario.machine,
        inputs=scenario.inputs,
        environment=scenario.environment,
        properties=scenario.properties,
        order=scenario.order,
        results=scenario.results,
        faults=pl.Faults(**budgets),
    )


def chips_of(view):
    """Every chip that can be taken, in order; those of forms apart."""
    forms, chips = [], []
    for group in view["choices"]["groups"]:
        forms += group["forms"]
        chips += [chip for item in group["items"] for chip in item["chips"]]
        chips += [place["chip"] for ruler in group["ruler"] for place in ruler["places"] if place["chip"]]
    return [form for form in forms if form["chip"]["enabled"]], [chip for chip in chips if chip["enabled"]]


def changes_shown(view):
    """The changes of state and environment in the panel, as a preview words them."""
    found = []
    for section in view["panel"]["sections"]:
        if section["title"] == "in flight":
            continue
        for line in section["lines"]:
            path = line["path"]
            table = section["title"] if section["title"] not in ("state", view["environment"]) else ""
            text = f"{table}: {path}" if table else path
            if line["sign"] == "+":
                text += f"={line['value']}" if line["value"] else ""
            elif line["sign"] == "~":
                text += f" {line['old']}→{line['value']}"
            found.append(f"{line['sign']} {text}")
    return sorted(found)


def require_as_predicted(session, chip, answer):
    """Compare what a chip said with the step that it made."""
    assert answer["problem"] is None, (chip["title"], answer)
    node, shown = session.lab.selected, chip["preview"]
    view = {**session.view(), "environment": session.lab.scenario.environment.name}
    broken = session.book.of(node).broken_first
    names = [session.lab.scenario.properties[index].name for index in broken]
    assert shown["breaks"].split(" and ")[0] == (names[0] if names else ""), chip["title"]
    if shown["emits"] == "then the process is down":
        assert not node.configuration.up, chip["title"]
    predicted = sorted(f"{line['sign']} {line['text']}" for line in shown["lines"])
    changed = changes_shown(view)
    if changed and not shown["more"] and all(len(line) < 60 for line in [*changed, *predicted]):
        assert predicted == changed, chip["title"]
    return node


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_every_chip_of_a_random_walk_does_what_it_says(example):
    chance = random.Random(20261124)
    session = Session(pl.Lab(with_faults(example.scenario, **MANY)))
    for serial in range(8):
        at = session.lab.selected
        forms, chips = chips_of(session.view())
        made = []
        for form in forms:
            if not form["chip"]["enabled"]:
                continue
            fields = {field["name"]: field["value"] for field in form["fields"]}
            post = {
                "kind": "fire",
                "at": at.number,
                "type": form["type"],
                "fields": fields,
                "choice": form["chip"]["id"],
            }
            made.append(require_as_predicted(session, form["chip"], session.handle({"serial": serial, **post})))
        for chip in chips:
            post = {"kind": "take", "at": at.number, "choice": chip["id"], "loses": []}
            made.append(require_as_predicted(session, chip, session.handle({"serial": serial, **post})))
        session.lab.goto(chance.choice(made).number)


def independent_count(scenario, configuration, transition):
    """Count the places of a crash from a metered run: accesses, and the boundaries between its stages."""
    made = step(scenario, configuration, transition, metered=True)
    access_count = len(made.record.accesses)
    handed_over = 1 + sum(isinstance(action, Tracked) for action in made.record.emitted)
    committed = made.record.result == "committed"
    if isinstance(transition, Recover):
        return access_count + (handed_over if committed else 0)
    return 1 + access_count + (2 + handed_over if committed else 0)


def transitions_of(scenario, configuration):
    """The transitions that could run next, found without the views."""
    if not configuration.up:
        return [Recover()]
    index = configuration.inputs.next_index
    inputs = [Fire(scenario.inputs[index])] if index < len(scenario.inputs) else []
    return inputs + [Deliver(result) for result in configuration.results]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_crash_chips_are_the_accesses_and_boundaries_of_each_transition(example):
    scenario = with_faults(example.scenario, crashes=9, recovery_crashes=9, unknown_commits=9)
    session = Session(pl.Lab(scenario))
    seen = 0
    for stage in ["fire", "run to a result", "crash", "recover", "run on"]:
        lab = session.lab
        group = session.view()["choices"]["groups"][3]
        counts = [sum(place["chip"] is not None for place in ruler["places"]) for ruler in group["ruler"]]
        expected = [
            independent_count(scenario, lab.configuration, each) for each in transitions_of(scenario, lab.configuration)
        ]
        assert expected == counts, stage
        seen += sum(counts)
        go_on(session, stage)
    assert seen > 0


def go_on(session, stage):
    lab = session.lab
    if stage == "fire":
        lab.fire(lab.scenario.inputs[0])
    elif stage == "crash":
        lab.crash()
    elif stage == "recover":
        lab.recover()
    elif lab.in_flight:
        identity = lab.in_flight[-1].id
        if lab.in_flight[-1].stage == "queued":
            lab.dispatch(identity)
        chips = [chip for item in session.view()["choices"]["groups"][1]["items"] for chip in item["chips"]]
        perform = next(chip for chip in chips if chip["title"].startswith("perform"))
        session.handle({"serial": 1, "kind": "take", "at": lab.selected.number, "choice": perform["id"], "loses": []})


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_each_crash_point_that_is_clicked_gives_that_record(example):
    scenario = with_faults(example.scenario, crashes=9, recovery_crashes=9, unknown_commits=9)
    session = Session(pl.Lab(scenario))
    (ruler,) = session.view()["choices"]["groups"][3]["ruler"]
    for chip in [place["chip"] for place in ruler["places"] if place["chip"]]:
        answer = session.handle({"serial": 1, "kind": "take", "at": 0, "choice": chip["id"], "loses": []})
        taken = session.lab.selected.step
        assert answer == {"serial": 1, "problem": None}
        assert taken.record.result == ("unknown" if taken.event.fault.kind == "commit unknown" else "down")
        again = pl.Lab(scenario)
        again.take(taken.event)
        assert again.configuration.key() == session.lab.configuration.key()
