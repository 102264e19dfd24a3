"""What a browser may post, and what it is answered; nothing that it sends raises."""

import threading
from dataclasses import dataclass

import pytest

import phasm_lab as pl
from phasm_lab.examples.payments import payments_charging_again
from phasm_lab.views.session import Session


def posted(session, **post):
    return session.handle({"serial": 7, **post})


def choice_at(session, step, title):
    session.lab.goto(step)
    groups = session.view()["choices"]["groups"]
    chips = [chip for group in groups for item in group["items"] for chip in item["chips"]]
    chips += [p["chip"] for group in groups for ruler in group["ruler"] for p in ruler["places"] if p["chip"]]
    return next(chip["id"] for chip in chips if chip["title"] == title)


def test_a_choice_is_taken(session):
    choice = choice_at(session, 2, "perform #1, declined")
    answer = posted(session, kind="take", at=2, choice=choice, loses=[])

    assert {"serial": 7, "problem": None} == answer
    assert (10, "declined") == (session.lab.selected.number, session.lab.selected.step.record.value)


def test_a_choice_is_taken_at_the_step_where_it_was_seen(session):
    choice = choice_at(session, 2, "perform #1, declined")
    session.lab.goto(9)
    posted(session, kind="take", at=2, choice=choice, loses=[])

    assert 2 == session.lab.selected.parent.number


def test_fast_clicks_on_one_choice_make_one_step(session):
    choice = choice_at(session, 2, "perform #1, declined")
    for _ in range(3):
        posted(session, kind="take", at=2, choice=choice, loses=[])

    assert 11 == len(session.lab.history)


def test_a_choice_that_led_somewhere_selects_that_step(session):
    choice = choice_at(session, 2, "perform #1, charged")
    posted(session, kind="take", at=2, choice=choice, loses=[])

    assert (3, 10) == (session.lab.selected.number, len(session.lab.history))


def test_a_crash_takes_what_is_ticked_from_the_wire(session):
    choice = choice_at(session, 3, "crash, result on the wire")
    posted(session, kind="take", at=3, choice=choice, loses=["result 0"])
    view = session.view()

    assert "performed, no result yet" == view["panel"]["subtitle"]
    assert {"sign": "-", "path": "result #1", "old": "", "value": "lost", "bad": False} in view["panel"]["sections"][2][
        "lines"
    ]


def test_a_crash_inside_a_transition_takes_what_is_ticked_too(session):
    choice = choice_at(session, 3, "Pay(bob, 120): crash before commit")
    posted(session, kind="take", at=3, choice=choice, loses=["result 0"])

    assert () == session.lab.configuration.results


def test_an_input_is_fired_from_its_form(session):
    answer = posted(session, kind="fire", at=9, type="Pay", fields={"user": "'eve'", "cents": "7"}, choice="")

    assert answer["problem"] is None
    assert "Pay(eve, 7)" == session.timeline()["rows"][-1]["label"]


def test_a_field_that_does_not_fit_is_told_in_words(session):
    answer = posted(session, kind="fire", at=9, type="Pay", fields={"user": "eve", "cents": "'7'"}, choice="")

    assert {
        "title": "fire Pay: what is typed does not fit",
        "lines": ["change the fields and fire again"],
        "fields": {"user": "text is written in quotes: 'eve'", "cents": "an int is wanted, 12 for example"},
    } == answer["problem"]
    assert 10 == len(session.lab.history)


def test_a_class_that_refuses_its_values_says_why():
    lab = pl.Lab(pl.Scenario(payments_charging_again.machine, inputs=[Even(2)]))
    answer = posted(Session(lab), kind="fire", at=0, type="Even", fields={"number": "3"}, choice="")

    assert "fire Even: Even refuses it: ValueError: 3 is odd" == answer["problem"]["title"]


@dataclass(frozen=True)
class Even:
    number: int

    def __post_init__(self):
        if self.number % 2:
            raise ValueError(f"{self.number} is odd")


def test_an_input_that_was_answered_is_fired_once(session):
    answer = posted(session, kind="fire", at=9, type="Pay", fields={"user": "'ada'", "cents": "500"}, choice="")

    assert "fire Pay(ada, 500): Pay(user='ada', cents=500) was fired already" == answer["problem"]["title"]


def test_a_choice_of_another_step_is_refused(session):
    choice = choice_at(session, 2, "perform #1, declined")
    answer = posted(session, kind="take", at=9, choice=choice, loses=[])

    assert "step 9: this choice is not among those offered there" == answer["problem"]["title"]
    assert 10 == len(session.lab.history)


def test_a_choice_that_is_not_enabled_names_the_budget(session):
    session.lab.goto(1)
    group = session.view()["choices"]["groups"][3]
    chip = next(p["chip"] for p in group["ruler"][0]["places"] if p["chip"] and p["chip"]["text"] == "commit unknown")
    answer = posted(session, kind="take", at=1, choice=chip["id"], loses=[])

    assert answer["problem"]["title"].endswith("unknown_commits is 0: set Faults(unknown_commits=1)")


def test_a_refused_choice_selects_nothing_else(session):
    session.lab.goto(4)
    choice = choice_at(session, 1, "Pay(bob, 120): crash before commit")
    session.lab.goto(4)
    posted(session, kind="take", at=1, choice=choice, loses=["result 0"])

    assert 4 == session.lab.selected.number


def test_steps_are_selected(session):
    posted(session, kind="goto", step=3)
    gone = session.lab.selected.number
    posted(session, kind="back")

    assert (3, 2) == (gone, session.lab.selected.number)


def test_a_run_goes_on_to_quiescence(lab):
    lab.fire(lab.scenario.inputs[0])
    session = Session(lab)
    posted(session, kind="run")

    assert session.lab.configuration.quiescent


def test_rows_are_sent_where_they_are_asked_for_and_after_that_around_the_selected_one(lab):
    for number in range(260):
        lab.fire(type(lab.scenario.inputs[0])("eve", number + 1))
    session = Session(lab)
    posted(session, kind="rows", first=0, count=50)
    asked = session.timeline()
    posted(session, kind="goto", step=260)

    assert (0, 50) == (asked["first"], len(asked["rows"]))
    assert 181 == session.timeline()["first"]


def test_steps_are_found_by_what_is_said_of_them(session):
    posted(session, kind="find", text="CHARGED 1")

    assert {"text": "CHARGED 1", "rows": [3, 7]} == session.timeline()["found"]


def test_a_search_is_ended_by_an_empty_text(session):
    posted(session, kind="find", text="charged")
    posted(session, kind="find", text="")

    assert session.timeline()["found"] is None


def test_a_branch_is_named_without_going_there(session):
    posted(session, kind="name", step=4, name=" charged twice ")

    assert [{"step": 4, "name": "charged twice"}] == session.tree()["names"]
    assert 9 == session.lab.selected.number


def test_a_step_can_be_left_out(session):
    posted(session, kind="without", step=2)

    assert session.lab.selected.number > 9


def test_the_graph_is_grouped(session):
    posted(session, kind="group", by="process")

    assert "process" == session.graph()["by"]


@pytest.mark.parametrize(
    ("post", "title"),
    [
        (None, "None: it is not a post"),
        ("take", "'take': it is not a post"),
        ({}, "None: there is no such post"),
        ({"kind": "explode"}, "'explode': there is no such post"),
        ({"kind": ["take"]}, "['take']: there is no such post"),
        ({"kind": "take"}, "take: its at is None"),
        ({"kind": "take", "at": True}, "take: its at is True"),
        ({"kind": "take", "at": 99, "choice": "x"}, "step 99: there is no such step"),
        ({"kind": "take", "at": 9, "choice": 5}, "take: its choice is 5"),
        ({"kind": "take", "at": 9, "choice": "x", "loses": "all"}, "take: its loses is 'all'"),
        ({"kind": "goto", "step": 99}, "goto(99): there is no such step"),
        ({"kind": "goto", "step": "3"}, "goto: its step is '3'"),
        ({"kind": "rows", "first": 0}, "rows: its count is None"),
        ({"kind": "find", "text": 5}, "find: its text is 5"),
        ({"kind": "name", "step": 77, "name": "x"}, "name(77): there is no such step"),
        ({"kind": "group", "by": "colour"}, "group by 'colour': there is no such grouping"),
        ({"kind": "fire", "at": 9, "type": "Pay", "fields": []}, "fire: its fields is []"),
        ({"kind": "fire", "at": 9, "type": "Withdraw", "fields": {}}, "fire Withdraw: there is no form for it"),
        ({"kind": "without", "step": 0}, "without(0): it is not a step of this branch"),
    ],
)
def test_a_post_that_makes_no_sense_is_answered(session, post, title):
    answer = session.handle(post)

    assert title == answer["problem"]["title"]
    assert (9, 10) == (session.lab.selected.number, len(session.lab.history))


def test_posts_from_many_threads_are_done_one_by_one(session):
    choice = choice_at(session, 2, "perform #1, declined")
    posts = [{"serial": n, "kind": "take", "at": 2, "choice": choice, "loses": []} for n in range(20)]
    answers = []
    threads = [threading.Thread(target=lambda post=post: answers.append(session.handle(post))) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [None] * 20 == [answer["problem"] for answer in answers]
    assert 11 == len(session.lab.history)


def test_hostile_names_and_values_stay_text_of_one_line():
    hostile = "<script>alert(1)</script>\n\u202ereversed\x00" + "x" * 100_000
    lab = pl.Lab(
        pl.Scenario(payments_charging_again.machine, inputs=[type(payments_charging_again.inputs[0])(hostile, 1)])
    )
    lab.fire(lab.scenario.inputs[0])
    row = Session(lab).timeline()["rows"][1]

    assert row["label"].isprintable()
    assert len(row["label"]) <= 60


def test_the_tree_is_one_stretch_for_each_branch(session):
    session.lab.goto(3)
    session.lab.deliver(1)

    assert {
        "step_count": 11,
        "segments": [
            {"parent": -1, "depth": 0, "steps": list(range(10)), "kinds": "SFDPXRDpVv"},
            {"parent": 3, "depth": 4, "steps": [10], "kinds": "V"},
        ],
        "names": [],
        "selected": 10,
        "newest": 10,
    } == session.tree()
