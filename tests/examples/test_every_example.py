import pytest

import phasm_lab as pl
from phasm_lab.examples import all_examples, all_scenarios
from tests.examples.walker import explore, with_faults

CONFIGURATION_COUNTS = {
    "payments": 3_189,
    "payments_charging_again": 1_583,
    "transfer": 4_068,
    "transfer_without_reference": 8_832,
    "bookings": 405,
    "bookings_overlooking_requests": 1_839,
    "outbox": 10_566,
    "outbox_losing_retries": 6_168,
    "lease": 559,
    "lease_without_fencing": 559,
}

# Property by property: after how many steps the shortest run breaks it, and what it says.
BROKEN = {
    "payments_charging_again": {"no_card_is_charged_twice": (7, "")},
    "transfer_without_reference": {
        "no_money_appears": (10, ""),
        "no_money_is_missing": (8, "6000 cents are missing"),
        "what_is_completed_has_arrived": (11, "6000 cents are completed, 12000 have arrived"),
    },
    "bookings_overlooking_requests": {
        "no_two_bookings_overlap": (3, "bookings 1 and 2 overlap"),
        "no_two_door_codes_overlap": (7, ""),
    },
    "outbox_losing_retries": {"no_event_is_lost": (6, "nobody delivers event 1")},
    "lease_without_fencing": {
        "no_stale_holder_writes": (7, "written under the leases [2, 1], in this order"),
        "the_holder_has_the_last_word": (9, ""),
    },
}

FAULTS_BESIDE_CRASHES = (
    "lost_requests",
    "duplicated_requests",
    "delayed_requests",
    "lost_results",
    "duplicated_results",
    "reordered_results",
    "access_errors",
    "add_errors",
    "commit_failures",
    "lost_inputs",
)

EXAMPLES = {example.name: example for example in all_examples()}
SOUND = [name for name, example in EXAMPLES.items() if example.sound]
TWINS = [name for name, example in EXAMPLES.items() if not example.sound]


@pytest.fixture(scope="module")
def walks():
    """One walk for each scenario, made when first asked for."""
    made = {}

    def walk_of(name):
        if name not in made:
            made[name] = explore(EXAMPLES[name].scenario)
        return made[name]

    return walk_of


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_search_meets_exactly_these_configurations(walks, name):
    assert CONFIGURATION_COUNTS[name] == walks(name).configuration_count


@pytest.mark.parametrize("name", SOUND)
def test_no_run_of_a_sound_machine_breaks_anything(walks, name):
    assert {} == walks(name).broken


@pytest.mark.parametrize("name", SOUND)
def test_every_goal_of_a_sound_machine_is_reached(walks, name):
    goals = {claim.name for claim in EXAMPLES[name].scenario.properties if claim.kind == "sometimes"}
    assert goals == walks(name).goals


@pytest.mark.parametrize("name", SOUND)
def test_restore_has_nothing_to_do_when_a_sound_machine_is_quiescent(walks, name):
    assert [] == walks(name).restored_when_quiescent


@pytest.mark.parametrize("fault", FAULTS_BESIDE_CRASHES)
@pytest.mark.parametrize("name", SOUND)
def test_a_sound_machine_bears_every_other_fault(name, fault):
    scenario = with_faults(EXAMPLES[name].scenario, pl.Faults(**{fault: 1}))
    assert {} == explore(scenario).broken


@pytest.mark.parametrize("name", TWINS)
def test_a_twin_breaks_its_properties_after_exactly_so_many_steps(walks, name):
    assert BROKEN[name] == walks(name).broken


def test_each_module_has_a_sound_machine_and_a_broken_twin():
    assert ["payments", "transfer", "bookings", "outbox", "lease"] == SOUND
    assert list(BROKEN) == TWINS


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_has_a_sentence_and_a_twin_its_finding(name):
    example = EXAMPLES[name]
    assert example.sentence.endswith(".")
    assert example.sound == (example.finding is None)


def test_scenarios_go_by_the_names_in_their_modules():
    assert list(EXAMPLES) == list(all_scenarios())
    assert all(example.scenario is all_scenarios()[name] for name, example in EXAMPLES.items())
