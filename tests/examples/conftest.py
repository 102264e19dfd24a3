import pytest


@pytest.fixture
def first_broken():
    """Where the selected run of a lab breaks a property first: (step, property, sentence)."""

    def find(lab):
        for node in lab.selected.path():
            for claim, judgement in zip(lab.scenario.properties, lab.judgements(node), strict=True):
                if claim.kind != "sometimes" and judgement.holds is False:
                    return node.number, claim.name, judgement.sentence
        return None

    return find
