"""The widgets as a notebook sees them: traits, links, what is shown without a kernel."""

import json
import re
import threading

import ipywidgets
import pytest
import traitlets

import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again as scenario
from phasm_lab.widgets.follower import BUNDLES, USES
from tests.views.searches import LONG, wait_for_workers

WIDGET = "application/vnd.jupyter.widget-view+json"
PARTS = {
    "choices": pl.Choices,
    "explorer": pl.Explorer,
    "state_graph": pl.StateGraph,
    "state_panel": pl.StatePanel,
    "timeline": pl.Timeline,
}


@pytest.fixture
def lab():
    return pl.Lab(scenario)


def post(widget, **message):
    """Hand a widget a message as its comm does."""
    widget._handle_custom_msg({"serial": 1} | message, [])


@pytest.mark.parametrize("part", PARTS)
def test_each_widget_says_which_part_it_is_and_holds_what_that_part_draws(lab, part):
    widget = PARTS[part](lab)
    held = {name for name in ("view", "timeline", "tree", "graph") if getattr(widget, name)}
    assert part == widget.part
    assert set(USES[part]) - {"selected", "search", "comparison", "other_bundle"} == held


@pytest.mark.parametrize("part", PARTS)
def test_what_a_widget_holds_is_plain_json(lab, part):
    lab.fire(scenario.inputs[0])
    widget = PARTS[part](lab)
    held = {name: getattr(widget, name) for name in ("view", "timeline", "tree", "graph", "answer")}
    assert held == json.loads(json.dumps(held))


def test_a_step_taken_in_python_is_seen_by_every_widget(lab):
    widgets = [make(lab) for make in PARTS.values()]
    lab.fire(scenario.inputs[0])
    assert [1] * 5 == [widget.selected for widget in widgets] == [widget.view["step"] for widget in widgets]


def test_a_choice_posted_by_one_widget_is_a_step_in_all(lab):
    choices, timeline = pl.Choices(lab), pl.Timeline(lab)
    chip = choices.view["choices"]["groups"][0]["forms"][0]["chip"]
    post(choices, kind="take", at=0, choice=chip["id"], loses=[])
    assert {"serial": 1, "problem": None} == choices.answer
    assert (1, 2) == (timeline.selected, timeline.timeline["row_count"])
    assert {"serial": 0, "problem": None} == timeline.answer


def test_a_post_on_another_thread_is_taken(lab):
    lab.fire(scenario.inputs[0])
    explorer = pl.Explorer(lab)
    thread = threading.Thread(target=post, args=(explorer,), kwargs={"kind": "back"})
    thread.start()
    thread.join()
    assert 0 == lab.selected.number == explorer.selected


def test_a_refused_post_is_answered_with_the_problem_and_the_step_is_not_taken(lab):
    explorer = pl.Explorer(lab)
    post(explorer, kind="goto", step=7)
    assert 0 == lab.selected.number
    assert 1 == explorer.answer["serial"]
    assert explorer.answer["problem"] is not None


@pytest.mark.parametrize("message", [None, "run", {}, {"serial": 1}, {"serial": 1, "kind": "jump"}])
def test_a_message_that_is_no_post_does_no_harm(lab, message):
    explorer = pl.Explorer(lab)
    explorer._handle_custom_msg(message, [])
    assert 0 == lab.selected.number


def test_the_selected_step_can_be_written(lab):
    lab.fire(scenario.inputs[0])
    explorer = pl.Explorer(lab)
    explorer.selected = 0
    assert 0 == lab.selected.number == explorer.view["step"]


def test_a_step_that_there_is_not_cannot_be_written(lab):
    explorer = pl.Explorer(lab)
    with pytest.raises(traitlets.TraitError) as raised:
        explorer.selected = 5
    assert "selected=5: there is no such step; steps are numbered 0 to 0" == str(raised.value)
    assert 0 == explorer.selected


def test_the_selected_step_can_be_linked_to_a_slider(lab):
    lab.fire(scenario.inputs[0])
    slider = ipywidgets.IntSlider(min=0, max=9)
    ipywidgets.link((pl.Timeline(lab), "selected"), (slider, "value"))
    assert 1 == slider.value
    slider.value = 0
    assert 0 == lab.selected.number


def test_two_labs_can_be_linked_step_by_step():
    first, second = pl.Lab(scenario), pl.Lab(scenario)
    for lab in (first, second):
        lab.fire(scenario.inputs[0])
    ipywidgets.link((pl.StatePanel(first), "selected"), (pl.StatePanel(second), "selected"))
    first.back()
    assert 0 == second.selected.number


def test_a_search_is_written_to_the_explorer_while_it_goes_on_and_at_its_end(lab):
    explorer, timeline, states = pl.Explorer(lab), pl.Timeline(lab), []
    explorer.observe(lambda change: states.append(change["new"]["state"]), "search")
    post(explorer, kind="check")
    wait_for_workers()
    assert ["searching", "ended"] == list(dict.fromkeys(states))
    assert "broken: 2 findings" == explorer.search["verdict"]["text"]
    assert timeline.search is None


def test_a_search_writes_nothing_but_itself(lab):
    explorer, changed = pl.Explorer(lab), []
    post(explorer, kind="ready", serial=2)
    explorer.observe(lambda change: changed.append(change["name"]), traitlets.All)
    explorer._follower.session.searching.start()
    wait_for_workers()
    assert {"search"} == set(changed)


def test_a_search_ends_with_the_last_explorer_that_is_closed():
    lab = pl.Lab(LONG)
    first, second = pl.Explorer(lab), pl.Explorer(lab)
    post(first, kind="check")
    first.close()
    assert "searching" == second._follower.session.searching.work.state
    second.close()
    wait_for_workers()
    assert "ended" == second._follower.session.searching.work.state


def test_a_finding_that_is_opened_is_a_named_branch_in_every_widget(lab):
    explorer, timeline = pl.Explorer(lab), pl.Timeline(lab)
    post(explorer, kind="check")
    wait_for_workers()
    name = explorer.search["findings"][0]["id"]
    post(explorer, kind="open", run=name)
    assert [{"step": 5, "name": name}] == timeline.tree["names"]
    assert (5, 5) == (timeline.selected, explorer.search["findings"][0]["step"])


def test_traits_are_written_only_where_they_change(lab):
    lab.fire(scenario.inputs[0])
    explorer = pl.Explorer(lab)
    changed = []
    explorer.observe(lambda change: changed.append(change["name"]), traitlets.All)
    lab.goto(1)
    assert [] == changed
    lab.back()
    assert {"selected", "view", "tree"} >= set(changed) >= {"selected", "view"}


def test_a_widget_that_is_closed_follows_no_more(lab):
    explorer = pl.Explorer(lab)
    explorer.close()
    lab.fire(scenario.inputs[0])
    assert 0 == explorer.selected


def test_an_unknown_option_is_refused_with_those_there_are(lab):
    with pytest.raises(pl.DefinitionError) as raised:
        pl.Explorer(lab, them="dark")
    assert "Explorer(lab, them=...): there is no such option; name one of: layout, read_only, theme" == str(
        raised.value
    )


def test_what_is_no_lab_is_refused_with_what_to_write():
    with pytest.raises(pl.DefinitionError) as raised:
        pl.Timeline(7)
    assert "Timeline(7): it is not a Lab; write Timeline(pl.Lab(scenario))" == str(raised.value)


def test_a_widget_prints_as_one_line(lab):
    lab.fire(scenario.inputs[0])
    lab.back()
    assert f"Explorer({scenario.name}, step 0 of 1)" == repr(pl.Explorer(lab))


def test_beside_the_widget_there_is_a_table_and_a_text(lab):
    lab.fire(scenario.inputs[0])
    data, _ = lab._repr_mimebundle_()
    assert {WIDGET, "text/html", "text/plain"} == set(data)
    assert repr(lab) == data["text/plain"]
    assert "<td" in data["text/html"]


def test_the_table_carries_the_class_by_which_the_front_end_finds_it(lab):
    explorer = pl.Explorer(lab)
    assert explorer._repr_mimebundle_()[0]["text/html"].startswith(f'<div class="{explorer.place}"><table>')


def test_a_lab_shown_twice_is_one_widget(lab):
    first, second = lab._repr_mimebundle_()[0][WIDGET], lab._repr_mimebundle_()[0][WIDGET]
    assert first == second


def test_a_lab_whose_widget_was_closed_is_shown_by_a_new_one(lab):
    first = lab._repr_mimebundle_()[0][WIDGET]
    ipywidgets.Widget.close_all()
    assert first != lab._repr_mimebundle_()[0][WIDGET]


@pytest.mark.parametrize("bundle", sorted(BUNDLES.glob("*.js")), ids=lambda bundle: bundle.name)
def test_a_bundle_is_at_most_100_kb(bundle):
    assert bundle.stat().st_size <= 100 * 1024


@pytest.mark.parametrize("bundle", sorted(BUNDLES.glob("*.js")), ids=lambda bundle: bundle.name)
def test_a_bundle_imports_nothing_but_what_the_kernel_hands_over(bundle):
    text = bundle.read_text(encoding="utf-8")
    assert not re.search(r"""(^|[;}\n])import\b(?!\()""", text)
    assert len(re.findall(r"\bimport\(", text)) == len(re.findall(r"createObjectURL.{0,80}\bimport\(\w+\)", text))


@pytest.mark.parametrize("part", PARTS)
def test_the_bundle_of_a_widget_draws_its_part(lab, part):
    assert re.search(rf"\b{part}:", PARTS[part](lab)._esm)


def test_half_a_surrogate_pair_in_a_name_can_be_sent(lab):
    lab.fire(scenario.inputs[0])
    lab.name("\ud800")
    (named,) = pl.Explorer(lab).tree["names"]
    assert {"step": 1, "name": "\\ud800"} == named
