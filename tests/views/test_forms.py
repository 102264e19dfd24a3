"""What a person types in a form, read against the field's annotation."""

import datetime
import enum
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

import pytest

from phasm_lab.views.forms import FormError, form_fields, read_form
from phasm_lab.views.literals import LiteralError, literal_text, read


class Colour(enum.Enum):
    RED = 1
    BLUE = "blue"


@dataclass(frozen=True)
class Address:
    street: str
    number: int = 1
    colour: Colour = Colour.RED


@dataclass(frozen=True)
class Order:
    amount: Decimal
    address: Address
    tags: tuple[str, ...] = ()
    note: str | None = None
    total: int = field(default=0, init=False)


@pytest.mark.parametrize(
    ("text", "annotation", "value"),
    [
        ("12", int, 12),
        ("-3", int, -3),
        ("2", float, 2.0),
        ("True", bool, True),
        ("'ada'", str, "ada"),
        ("None", int | None, None),
        ("5", int | None, 5),
        ("1.50", Decimal, Decimal("1.50")),
        ("Decimal('-2')", Decimal, Decimal(-2)),
        ("RED", Colour, Colour.RED),
        ("Colour.BLUE", Colour, Colour.BLUE),
        ("[1, 2]", list[int], [1, 2]),
        ("(1, 'a')", tuple[int, str], (1, "a")),
        ("()", tuple[int, ...], ()),
        ("{1, 2}", set[int], {1, 2}),
        ("frozenset()", frozenset[int], frozenset()),
        ("{'a': [1]}", dict[str, list[int]], {"a": [1]}),
        ("'up'", Literal["up", "down"], "up"),
        ("('x', 1)", Any, ("x", 1)),
        ("Address('x', number=2, colour=BLUE)", Address, Address("x", 2, Colour.BLUE)),
    ],
)
def test_a_literal_is_read(text, annotation, value):
    found = read(text, annotation)

    assert (value, type(value)) == (found, type(found))


@pytest.mark.parametrize(
    ("text", "annotation", "problem"),
    [
        ("", int, "it is empty; an int is wanted, 12 for example"),
        ("twelve", int, "an int is wanted, 12 for example"),
        ("True", int, "an int is wanted, 12 for example"),
        ("1.5", int, "an int is wanted, 12 for example"),
        ("ada", str, "text is written in quotes: 'ada'"),
        ("1 +", int, "an int is wanted, 12 for example"),
        ("GREEN", Colour, "one of RED, BLUE is wanted"),
        ("[1, 'a']", list[int], "an int is wanted, 12 for example"),
        ("(1, 2, 3)", tuple[int, int], "a tuple of 2 is wanted"),
        ("x", Decimal, "a Decimal is wanted, 1.50 for example"),
        ("'left'", Literal["up", "down"], "one of 'up', 'down' is wanted"),
        ("Address()", Address, "Address needs street"),
        ("Address('x', planet=1)", Address, "Address takes street, number, colour"),
        ("Address('x', number='y')", Address, "number: an int is wanted, 12 for example"),
        ("__import__('os').system('true')", str, "a str is wanted, 'ada' for example"),
        ("[" * 500, int, "an int is wanted, 12 for example"),
    ],
)
def test_what_does_not_fit_is_told_in_words(text, annotation, problem):
    with pytest.raises(LiteralError) as caught:
        read(text, annotation)

    assert problem == str(caught.value)


def test_a_form_has_a_field_for_each_parameter_of_the_dataclass():
    assert [
        ("amount", "Decimal", "1.50"),
        ("address", "Address", "Address(street='x', number=1, colour=RED)"),
        ("tags", "tuple[str, ...]", "('a',)"),
        ("note", "str | None", "None"),
    ] == [tuple(entry.values()) for entry in form_fields(Order(Decimal("1.50"), Address("x"), ("a",)))]


def test_a_form_that_is_sent_back_as_it_is_makes_the_same_value():
    order = Order(Decimal("1.50"), Address("x"), ("a",))

    assert order == read_form(order, {entry["name"]: entry["value"] for entry in form_fields(order)})


def test_a_value_that_is_no_dataclass_has_one_field():
    assert [{"name": "value", "annotation": "tuple", "value": "('pay', 5)"}] == form_fields(("pay", 5))
    assert ("pay", 6) == read_form(("pay", 5), {"value": "('pay', 6)"})


def test_every_field_that_does_not_fit_is_named():
    with pytest.raises(FormError) as caught:
        read_form(Address("x"), {"street": "5", "number": "5", "colour": "PINK"})

    assert {
        "street": "a str is wanted, 'ada' for example",
        "colour": "one of RED, BLUE is wanted",
    } == caught.value.fields


@pytest.mark.parametrize("value", ["it's", 5, -1.5, None, True, (1,), [1, "a"], {"a": 1}])
def test_plain_values_are_read_back_as_they_were(value):
    assert value == read(literal_text(value))


@dataclass(frozen=True)
class Expiry:
    day: datetime.date


def test_a_field_of_a_type_without_literals_keeps_the_value_that_it_has():
    expiry = Expiry(datetime.date(2026, 11, 24))

    assert expiry == read_form(expiry, {"day": "datetime.date(2026, 11, 24)"})
    with pytest.raises(FormError):
        read_form(expiry, {"day": "datetime.date(2026, 11, 25)"})
