"""The labs of an app's pages: found again under their names, and not without end."""

from phasm_lab.app import KEPT_LAB_COUNT, Labs
from phasm_lab.examples.payments import payments


def test_a_page_that_names_no_lab_gets_a_new_one():
    labs = Labs(payments)
    (first, lab), (second, other) = labs.of(""), labs.of("")
    assert first != second
    assert lab is not other


def test_a_name_leads_to_its_lab_again():
    labs = Labs(payments)
    name, lab = labs.of("")
    assert (name, lab) == labs.of(name)


def test_a_name_that_nobody_was_given_leads_to_a_new_lab_under_another_name():
    assert "guessed" != Labs(payments).of("guessed")[0]


def test_those_that_were_looked_at_longest_ago_are_forgotten():
    labs = Labs(payments)
    first, second = labs.of(""), labs.of("")
    for _ in range(KEPT_LAB_COUNT - 2):
        labs.of("")
    labs.of(first[0])
    labs.of("")
    assert first == labs.of(first[0])
    assert second[0] != labs.of(second[0])[0]
