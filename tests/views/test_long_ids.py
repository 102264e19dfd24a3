"""Ids that are tuples: lanes have no room for them, and name the action instead."""

from dataclasses import dataclass, field

import phasm_lab as pl
from phasm_lab.views.session import Session


@dataclass(frozen=True)
class SignUp:
    email: str


@dataclass(frozen=True)
class SendMail:
    email: str


@dataclass
class SignUps:
    waiting: list[str] = field(default_factory=list)


@dataclass
class Mailer:
    mails: list[str] = field(default_factory=list)


async def stf(sign_ups, value, actions):
    match value:
        case pl.Normal(SignUp(email)):
            sign_ups.waiting.append(email)
            actions.add(pl.Tracked(("mail", email), SendMail(email)))


async def restore(sign_ups, actions):
    for email in sign_ups.waiting:
        actions.add(pl.Tracked(("mail", email), SendMail(email)))


def perform(mailer, action, choose):  # noqa: ARG001 - a perform is given it
    mailer.mails.append(action.email)
    return "sent"


SIGN_UPS = pl.Scenario(
    pl.Machine(initial=SignUps, stf=stf, restore=restore),
    inputs=[SignUp("ada@x.org"), SignUp("bob@x.org")],
    environment=pl.Environment(initial=Mailer, perform=perform),
    faults=pl.Faults(crashes=1, duplicated_requests=1),
)


def test_an_id_that_is_too_long_for_a_lane_gives_way_to_what_it_is_the_id_of():
    lab = pl.Lab(SIGN_UPS)
    lab.fire(SignUp("ada@x.org"))
    lab.dispatch(("mail", "ada@x.org"))
    lab.duplicate(("request", ("mail", "ada@x.org")))
    lab.perform(("mail", "ada@x.org"))
    lab.deliver(("mail", "ada@x.org"))
    rows = Session(lab).timeline()["rows"]

    emit = {"text": "SendMail #(mail, ada@x.org)", "short": "Send #(mail, ada@x.org)", "again": -1}
    assert [emit] == rows[1]["emits"]
    assert [
        ("request #(mail, ada@x.org)", "request"),
        ("duplicate request #(mail, ada@x.org)", "duplicate SendMail"),
        ("sent \N{MULTIPLICATION SIGN}1", "\N{MULTIPLICATION SIGN}1"),
        ("result #(mail, ada@x.org)", "result"),
    ] == [(row["label"], row["short"]) for row in rows[2:]]


def test_a_crash_names_what_is_remembered_one_id_a_line():
    lab = pl.Lab(SIGN_UPS)
    lab.fire(SignUp("ada@x.org"))
    lab.fire(SignUp("bob@x.org"))
    lab.crash()

    assert "#(mail, ada@x.org)\n#(mail, bob@x.org)" == Session(lab).timeline()["rows"][3]["holds"]
