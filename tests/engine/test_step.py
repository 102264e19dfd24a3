import pytest

import phasm_lab as pl
from phasm_lab.engine import (
    Crash,
    Delay,
    Deliver,
    Dispatch,
    Duplicate,
    Fault,
    Fire,
    Lose,
    Perform,
    Recover,
    start,
    step,
)
from phasm_lab.engine.events import CRASH_KINDS, ERROR_KINDS
from phasm_lab.errors import NotEnabledError
from tests.engine.desk import (
    Ask,
    Desk,
    Refuse,
    Tell,
    after,
    ask,
    budgets,
    deliver,
    desk,
    dispatch,
    last,
    question,
    request,
    restore,
    result,
    stf,
    wire,
)


def refusal(scenario, *events):
    with pytest.raises(NotEnabledError) as caught:
        step(scenario, after(scenario, *events[:-1]), events[-1])
    return str(caught.value).removeprefix(f"{events[-1]!r}: ")


def test_one_question_from_input_to_result():
    scenario = desk(Ask())
    assert ["queued 1 of life 0"] == wire(after(scenario, Fire(Ask())))
    assert ["request 1 of life 0"] == wire(after(scenario, Fire(Ask()), dispatch(1)))
    assert ["result 1 no of life 0"] == wire(after(scenario, Fire(Ask()), dispatch(1), ask(1, "no")))
    end = after(scenario, Fire(Ask()), dispatch(1), ask(1, "no"), deliver(1, "no"))
    assert Desk(2, {}, {1: ["no"]}) == end.state.plain()
    assert ["no"] == end.environment.plain().answered
    assert end.quiescent


def test_a_step_leaves_the_configuration_before_it_as_it_was():
    scenario = desk(Ask())
    before = start(scenario)
    step(scenario, before, Fire(Ask()))
    assert [] == wire(before)
    assert Desk() == before.state.plain()


class TestOrderOfInputs:
    def test_inputs_are_fired_in_the_order_given(self):
        scenario = desk(Ask(1), Ask(2))
        assert "Ask(count=1) comes first: inputs are fired in the order given" == refusal(scenario, Fire(Ask(2)))

    def test_the_next_input_is_enabled_while_actions_are_in_flight(self):
        assert ["queued 2 of life 0", "queued 3 of life 0", "request 1 of life 0"] == wire(
            after(desk(Ask(1), Ask(2)), Fire(Ask(1)), dispatch(1), Fire(Ask(2)))
        )

    def test_the_next_input_is_enabled_after_a_rejected_one(self):
        assert ["queued 1 of life 0"] == wire(after(desk(Refuse(), Ask()), Fire(Refuse()), Fire(Ask())))

    def test_the_next_input_is_enabled_after_a_lost_one(self):
        scenario = desk(Tell(), Ask(), faults=pl.Faults(lost_inputs=1))
        assert ["queued 1 of life 0"] == wire(after(scenario, Lose(Fire(Tell())), Fire(Ask())))

    def test_order_any_lifts_the_order(self):
        configuration = after(desk(Ask(1), Tell(), Ask(2), order="any"), Fire(Ask(2)), Fire(Tell()))
        assert ["queued 1 of life 0", "queued 2 of life 0", "untracked hello"] == wire(configuration)
        assert (0, frozenset({1, 2}), frozenset()) == configuration.inputs

    def test_inputs_used_up_out_of_order_are_counted_once_the_gap_is_closed(self):
        configuration = after(desk(Ask(1), Tell(), Ask(2), order="any"), Fire(Tell()), Fire(Ask(1)))
        assert (2, frozenset(), frozenset()) == configuration.inputs

    def test_an_input_is_fired_once(self):
        assert "Ask(count=1) was fired already" == refusal(desk(Ask()), Fire(Ask()), Fire(Ask()))

    def test_an_input_given_twice_is_fired_twice(self):
        scenario = desk(Ask(), Ask())
        assert ["queued 1 of life 0", "queued 2 of life 0"] == wire(after(scenario, Fire(Ask()), Fire(Ask())))
        assert "Ask(count=1) was fired already" == refusal(scenario, Fire(Ask()), Fire(Ask()), Fire(Ask()))

    def test_an_input_that_is_not_the_scenarios_is_fired_and_marked(self):
        made = last(desk(Ask()), Fire(Tell("by hand")))
        assert (False, "committed") == (made.record.declared, made.record.result)
        assert 0 == made.configuration.inputs.next_index


class TestActions:
    def test_actions_are_handed_over_in_any_order(self):
        configuration = after(desk(Ask(3)), Fire(Ask(3)), dispatch(3), dispatch(1))
        assert ["queued 2 of life 0", "request 3 of life 0", "request 1 of life 0"] == wire(configuration)

    def test_requests_are_performed_and_results_delivered_in_any_order(self):
        configuration = after(
            desk(Ask(2)), Fire(Ask(2)), dispatch(1), dispatch(2), ask(2), ask(1, "no"), deliver(1, "no")
        )
        assert ["result 2 yes of life 0"] == wire(configuration)

    def test_an_untracked_action_is_gone_once_handed_over(self):
        configuration = after(desk(Tell()), Fire(Tell()), Dispatch(pl.Untracked("hello"), 0))
        assert [] == wire(configuration)
        assert configuration.quiescent

    def test_an_untracked_action_does_not_matter_for_quiescence(self):
        assert after(desk(Tell()), Fire(Tell())).quiescent

    def test_an_untracked_action_of_another_life_is_not_queued(self):
        event = Dispatch(pl.Untracked("hello"), 1)
        assert "no untracked action 'hello' is queued" == refusal(desk(Tell()), Fire(Tell()), event)

    def test_a_crash_loses_untracked_actions_and_restore_does_not_bring_them_back(self):
        scenario = desk(Tell(), faults=pl.Faults(crashes=1))
        assert (pl.Untracked("hello"),) == last(scenario, Fire(Tell()), Crash()).record.lost
        assert [] == wire(after(scenario, Fire(Tell()), Crash(), Recover()))

    def test_what_is_not_queued_cannot_be_handed_over(self):
        assert "no action 1 is queued" == refusal(desk(), dispatch(1))

    def test_what_is_not_on_the_wire_can_neither_be_performed_nor_delivered(self):
        assert "no such request for 1 is on the wire" == refusal(desk(), ask(1))
        assert "no such result for 1 is on the wire" == refusal(desk(), deliver(1))

    def test_a_choice_that_is_not_offered_is_refused_with_those_that_are(self):
        events = Fire(Ask()), dispatch(1), ask(1, "maybe")
        assert "choose does not offer 'maybe'; choose one of: 'yes', 'no'" == refusal(desk(Ask()), *events)

    def test_a_choice_too_many_is_refused(self):
        event = Perform(request(1), ("yes", "no"))
        assert "perform makes 1 choices" == refusal(desk(Ask()), Fire(Ask()), dispatch(1), event)

    def test_choices_left_out_are_first_options(self):
        made = last(desk(Ask()), Fire(Ask()), dispatch(1), Perform(request(1)))
        assert (("yes",), "yes") == (made.record.taken, made.record.value)


class TestResults:
    scenario = desk(Ask(), faults=pl.Faults(duplicated_requests=2, duplicated_results=2, reordered_results=1))
    asked_twice = Fire(Ask()), dispatch(1), Duplicate(request(1)), ask(1, "yes"), ask(1, "no")

    def test_results_of_one_id_arrive_in_the_order_in_which_they_were_performed(self):
        scenario = desk(Ask(), faults=pl.Faults(duplicated_requests=1))
        expected = "reordered_results is 0: set Faults(reordered_results=1)"
        assert expected == refusal(scenario, *self.asked_twice, deliver(1, "no"))
        assert ["result 1 no of life 0"] == wire(after(scenario, *self.asked_twice, deliver(1, "yes")))

    def test_overtaking_costs_one_of_the_budget(self):
        configuration = after(self.scenario, *self.asked_twice, deliver(1, "no"))
        assert ["result 1 yes of life 0"] == wire(configuration)
        assert {"duplicated_requests": 1, "duplicated_results": 2} == budgets(configuration)

    def test_of_equal_results_none_overtakes(self):
        events = *self.asked_twice[:-1], ask(1, "yes"), deliver(1, "yes")
        assert 1 == budgets(after(self.scenario, *events))["reordered_results"]

    def test_a_copy_of_a_result_takes_its_place_behind_the_last_of_its_id_and_life(self):
        scenario = desk(Ask(2), faults=pl.Faults(duplicated_requests=1, duplicated_results=1))
        events = Fire(Ask(2)), dispatch(1), Duplicate(request(1)), ask(1, "yes"), ask(1, "no"), dispatch(2), ask(2)
        assert [
            "result 1 yes of life 0",
            "result 1 no of life 0",
            "result 1 yes of life 0",
            "result 2 yes of life 0",
        ] == wire(after(scenario, *events, Duplicate(result(1, "yes"))))

    def test_of_equal_results_the_oldest_is_lost(self):
        scenario = desk(Ask(), faults=pl.Faults(duplicated_requests=2, lost_results=1))
        events = (
            Fire(Ask()), dispatch(1), Duplicate(request(1)), Duplicate(request(1)), ask(1, "yes"), ask(1, "no"), ask(1, "yes"),
        )  # fmt: skip
        assert ["result 1 no of life 0", "result 1 yes of life 0"] == wire(
            after(scenario, *events, Lose(result(1, "yes")))
        )

    def test_results_of_different_lives_overtake_for_nothing(self):
        scenario = desk(Ask(), faults=pl.Faults(crashes=1))
        events = Fire(Ask()), dispatch(1), ask(1, "no"), Crash(), Recover(), dispatch(1, 1), ask(1, "yes", 1)
        configuration = after(scenario, *events, deliver(1, "yes", 1))
        assert ["result 1 no of life 0"] == wire(configuration)
        assert {1: ["yes"]} == configuration.state.plain().done


class TestCrash:
    scenario = desk(Ask(3), Tell(), faults=pl.Faults(crashes=1))
    spread = Fire(Ask(3)), dispatch(1), dispatch(2), ask(2)

    def test_a_crash_takes_the_queue_and_leaves_the_wire(self):
        made = last(self.scenario, *self.spread, Crash())
        assert ["request 1 of life 0", "result 2 yes of life 0"] == wire(made.configuration)
        assert (False, 1) == (made.configuration.up, made.configuration.life)
        assert (question(3),) == made.record.lost

    def test_a_crash_takes_from_the_wire_what_it_names(self):
        made = last(self.scenario, *self.spread, Crash((request(1),)))
        assert ["result 2 yes of life 0"] == wire(made.configuration)
        assert (question(3), request(1)) == made.record.lost

    def test_a_crash_takes_a_part_of_equal_messages(self):
        scenario = desk(Ask(), faults=pl.Faults(crashes=1, duplicated_requests=2))
        events = Fire(Ask()), dispatch(1), Duplicate(request(1)), Duplicate(request(1))
        assert ["request 1 of life 0"] == wire(after(scenario, *events, Crash((request(1), request(1)))))
        expected = "what it is to take is not on the wire"
        assert expected == refusal(scenario, *events, Crash((request(1),) * 4))

    def test_while_the_process_is_down_only_the_outside_goes_on(self):
        events = *self.spread, Crash()
        down = "the process is down: recover first"
        assert [down, down, down] == [
            refusal(self.scenario, *events, event) for event in (Fire(Tell()), dispatch(3), deliver(2))
        ]
        assert ["result 2 yes of life 0", "result 1 yes of life 0"] == wire(after(self.scenario, *events, ask(1)))

    def test_a_process_that_is_down_cannot_crash_and_one_that_is_up_cannot_recover(self):
        assert "the process is down already" == refusal(self.scenario, Crash(), Crash())
        assert "the process is up" == refusal(self.scenario, Recover())

    def test_restore_asks_again_in_a_new_life_beside_what_survived(self):
        configuration = after(self.scenario, *self.spread, Crash(), Recover())
        assert [
            "queued 1 of life 1 restored",
            "queued 2 of life 1 restored",
            "queued 3 of life 1 restored",
            "request 1 of life 0",
            "result 2 yes of life 0",
        ] == wire(configuration)

    def test_a_survivor_is_performed_after_restores_own_without_a_budget(self):
        events = (
            *self.spread,
            Crash(),
            Recover(),
            dispatch(1, 1),
            ask(1, "no", 1),
            deliver(1, "no", 1),
            ask(1),
            deliver(1),
        )
        assert {1: ["no", "yes"]} == after(self.scenario, *events).state.plain().done

    @pytest.mark.parametrize("kind", ["before accept", "before commit"])
    def test_a_crash_before_the_commit_leaves_the_input_unfired(self, kind):
        made = last(self.scenario, Fire(Ask(3), fault=Fault(kind)))
        assert ("down", 0, []) == (made.record.result, made.configuration.inputs.next_index, wire(made.configuration))
        assert Desk() == made.configuration.state.plain()

    def test_a_crash_at_an_access_names_it_and_leaves_the_result_on_the_wire(self):
        event = Deliver(result(2), Fault("at access", 2))
        made = last(self.scenario, *self.spread, event)
        assert ["request 1 of life 0", "result 2 yes of life 0"] == wire(made.configuration)
        assert "write done[2]" == str(made.record.access)
        assert {1: "asked", 2: "asked", 3: "asked"} == made.configuration.state.plain().open

    @pytest.mark.parametrize(
        ("count", "expected"),
        [
            (0, []),
            (1, ["request 1 of life 0"]),
            (2, ["request 1 of life 0", "request 2 of life 0"]),
            (3, ["request 1 of life 0", "request 2 of life 0", "request 3 of life 0"]),
        ],
    )
    def test_a_crash_after_the_commit_hands_over_so_many_in_order_of_emission(self, count, expected):
        made = last(self.scenario, Fire(Ask(3), fault=Fault("after commit", count)))
        assert expected == wire(made.configuration)
        assert (1, count, 4) == (
            made.configuration.inputs.next_index,
            made.record.handed_over,
            made.configuration.state.plain().next_id,
        )

    def test_a_crash_after_the_commit_may_take_from_the_wire_what_was_handed_over(self):
        fault = Fault("after commit", 2, lose=(request(1),))
        assert ["request 2 of life 0"] == wire(after(self.scenario, Fire(Ask(3), fault=fault)))

    def test_more_than_was_emitted_cannot_be_handed_over(self):
        event = Fire(Ask(3), fault=Fault("after commit", 4))
        assert "it emits 3 tracked actions" == refusal(self.scenario, event)

    def test_what_was_not_handed_over_cannot_be_lost_from_the_wire(self):
        event = Fire(Ask(3), fault=Fault("after commit", 1, lose=(request(2),)))
        with pytest.raises(NotEnabledError) as caught:
            step(self.scenario, start(self.scenario), event)
        assert f"{request(2)!r}: it is not there to be taken" == str(caught.value)


class TestUnknownCommit:
    scenario = desk(Ask(2), Ask(), faults=pl.Faults(unknown_commits=1, crashes=1))

    def test_the_state_is_durable_nothing_is_handed_over_and_the_input_stays(self):
        made = last(self.scenario, Fire(Ask(2), fault=Fault("commit unknown")))
        assert ("unknown", False, 0, []) == (
            made.record.result,
            made.configuration.up,
            made.configuration.inputs.next_index,
            wire(made.configuration),
        )
        assert Desk(3, {1: "asked", 2: "asked"}) == made.configuration.state.plain()
        assert {"crashes": 1} == budgets(made.configuration)

    def test_the_result_stays_on_the_wire(self):
        events = Fire(Ask(2)), dispatch(1), ask(1), Deliver(result(1), Fault("commit unknown"))
        assert ["result 1 yes of life 0"] == wire(after(self.scenario, *events))

    def test_the_input_can_be_fired_again(self):
        events = Fire(Ask(2), fault=Fault("commit unknown")), Recover(), Fire(Ask(2))
        assert 5 == after(self.scenario, *events).state.plain().next_id


class TestRecovery:
    scenario = desk(Ask(2), Tell(), faults=pl.Faults(crashes=1, recovery_crashes=1, access_errors=1, add_errors=1))
    down = Fire(Ask(2)), Crash()

    def test_a_crash_while_restores_work_is_queued_spends_the_recovery_budget_first(self):
        configuration = after(self.scenario, *self.down, Recover(), dispatch(1, 1), Crash())
        assert {"access_errors": 1, "add_errors": 1} == budgets(configuration)

    def test_once_restores_work_is_handed_over_a_crash_is_an_ordinary_one(self):
        events = *self.down, Recover(), dispatch(1, 1), dispatch(2, 1), Crash()
        assert "crashes is 1 and used up (1 of 1): set Faults(crashes=2)" == refusal(self.scenario, *events)

    def test_a_crash_inside_restore_leaves_the_process_down_in_the_same_life(self):
        configuration = after(self.scenario, *self.down, Recover(Fault("at access", 1)))
        assert (False, 1, []) == (configuration.up, configuration.life, wire(configuration))
        assert {"access_errors": 1, "add_errors": 1} == budgets(configuration)

    def test_a_crash_after_restore_hands_over_a_part(self):
        configuration = after(self.scenario, *self.down, Recover(Fault("after commit", 1)))
        assert (False, 2, ["request 1 of life 1"]) == (configuration.up, configuration.life, wire(configuration))
        assert {"access_errors": 1, "add_errors": 1} == budgets(configuration)

    def test_a_crash_after_all_of_restores_work_is_handed_over_is_an_ordinary_one(self):
        event = Recover(Fault("after commit", 2))
        expected = "crashes is 1 and used up (1 of 1): set Faults(crashes=2)"
        assert expected == refusal(self.scenario, *self.down, event)

    def test_a_crash_spends_the_ordinary_budget_where_there_is_no_other(self):
        scenario = desk(Ask(2), faults=pl.Faults(crashes=2))
        assert {} == budgets(after(scenario, *self.down, Recover(), Crash()))

    @pytest.mark.parametrize(("kind", "left"), [("access fails", "add_errors"), ("add fails", "access_errors")])
    def test_an_error_in_restore_leaves_the_process_down_and_it_can_recover_again(self, kind, left):
        made = last(self.scenario, *self.down, Recover(Fault(kind, 1)))
        assert ("failed", False) == (made.record.result, made.configuration.up)
        assert {left: 1, "recovery_crashes": 1} == budgets(made.configuration)
        assert ["queued 1 of life 1 restored", "queued 2 of life 1 restored"] == wire(
            step(self.scenario, made.configuration, Recover()).configuration
        )

    def test_what_restore_writes_is_discarded(self):
        async def writing(state, actions):
            state.next_id = 99
            actions.add(pl.Tracked(state.next_id, "question"))

        scenario = desk(Ask(), machine=pl.Machine(Desk, stf, writing), faults=pl.Faults(crashes=1))
        configuration = after(scenario, Fire(Ask()), Crash(), Recover())
        assert ["queued 99 of life 1 restored"] == wire(configuration)
        assert 2 == configuration.state.plain().next_id

    def test_a_restore_that_raises_leaves_the_process_down(self):
        async def failing(_state, _actions):
            raise LookupError("nothing there")

        scenario = desk(machine=pl.Machine(Desk, stf, failing), faults=pl.Faults(crashes=1))
        made = last(scenario, Crash(), Recover())
        assert ("rejected", "LookupError: nothing there", False) == (
            made.record.result,
            made.record.refusal.text,
            made.configuration.up,
        )

    @pytest.mark.parametrize("kind", ["before accept", "before commit", "commit unknown", "commit fails", "flood"])
    def test_restore_meets_only_the_faults_that_it_can(self, kind):
        expected = f"no fault {kind!r} can hit it, only one of: access fails, add fails, at access, after commit"
        assert expected == refusal(self.scenario, *self.down, Recover(Fault(kind)))


class TestRejection:
    def test_a_rejected_input_is_used_up_and_changes_nothing(self):
        made = last(desk(Refuse("closed"), Ask()), Fire(Refuse("closed")))
        assert ("rejected", "ValueError: closed", False) == (
            made.record.result,
            made.record.refusal.text,
            made.record.refusal.injected,
        )
        assert (1, Desk(), ()) == (
            made.configuration.inputs.next_index,
            made.configuration.state.plain(),
            made.record.emitted,
        )

    def test_a_rejected_result_is_used_up(self):
        async def picky(_state, input, actions):
            if isinstance(input, pl.Normal):
                actions.add(pl.Tracked(1, "question"))
            else:
                raise KeyError(input.id)

        scenario = desk(Ask(), machine=pl.Machine(Desk, picky, restore))
        made = last(scenario, Fire(Ask()), dispatch(1), ask(1), deliver(1))
        assert ("rejected", "KeyError: 1", []) == (
            made.record.result,
            made.record.refusal.text,
            wire(made.configuration),
        )

    def test_the_frames_of_a_rejection_are_the_users_own(self):
        frames = last(desk(Refuse()), Fire(Refuse())).record.refusal.frames
        assert [("desk.py", "stf")] == [(frame.file.rpartition("/")[2], frame.function) for frame in frames]

    @pytest.mark.parametrize(
        ("fault", "budget", "text"),
        [
            (Fault("access fails", 1), "access_errors", "StorageError: access 1 (read next_id): the lab made it fail"),
            (Fault("add fails", 1), "add_errors", "AddError: actions.add number 1: the lab made it fail"),
            (Fault("commit fails"), "commit_failures", "StorageError: the commit failed"),
        ],
    )
    def test_an_injected_failure_leaves_the_input_unfired(self, fault, budget, text):
        scenario = desk(Ask(), faults=pl.Faults(**{budget: 1}))
        made = last(scenario, Fire(Ask(), fault=fault))
        assert ("failed", text, True) == (made.record.result, made.record.refusal.text, made.record.refusal.injected)
        assert (0, Desk(), [], True) == (
            made.configuration.inputs.next_index,
            made.configuration.state.plain(),
            wire(made.configuration),
            made.configuration.up,
        )
        assert {} == budgets(made.configuration)
        assert ["queued 1 of life 0"] == wire(step(scenario, made.configuration, Fire(Ask())).configuration)

    def test_an_injected_failure_leaves_the_result_on_the_wire(self):
        scenario = desk(Ask(), faults=pl.Faults(commit_failures=1))
        events = Fire(Ask()), dispatch(1), ask(1), Deliver(result(1), Fault("commit fails"))
        assert ["result 1 yes of life 0"] == wire(after(scenario, *events))

    def test_an_injected_error_that_stf_catches_may_end_in_a_commit(self):
        async def patient(state, _input, _actions):
            try:
                state.next_id += 1
            except pl.StorageError:
                state.open[0] = "tried twice"

        scenario = desk(Ask(), machine=pl.Machine(Desk, patient, restore), faults=pl.Faults(access_errors=1))
        made = last(scenario, Fire(Ask(), fault=Fault("access fails", 2)))
        assert ("committed", Desk(1, {0: "tried twice"})) == (made.record.result, made.configuration.state.plain())

    def test_a_rejection_that_follows_an_injected_error_is_a_failure(self):
        async def translating(state, _input, _actions):
            try:
                state.next_id += 1
            except pl.StorageError:
                raise ValueError("try later") from None

        scenario = desk(Ask(), machine=pl.Machine(Desk, translating, restore), faults=pl.Faults(access_errors=1))
        made = last(scenario, Fire(Ask(), fault=Fault("access fails", 1)))
        assert ("failed", 0) == (made.record.result, made.configuration.inputs.next_index)

    @pytest.mark.parametrize(
        ("fault", "expected"),
        [
            (Fault("access fails", 9), "it makes 5 accesses"),
            (Fault("at access", 0), "it makes 5 accesses"),
            (Fault("add fails", 2), "it adds 1 actions"),
            (Fault("flood"), f"no fault 'flood' can hit it, only one of: {', '.join(ERROR_KINDS + CRASH_KINDS)}"),
        ],
    )  # fmt: skip
    def test_a_fault_that_never_happens_is_refused(self, fault, expected):
        everything = pl.Faults(access_errors=1, add_errors=1, crashes=1)
        assert expected == refusal(desk(Ask(), faults=everything), Fire(Ask(), fault=fault))

    @pytest.mark.parametrize("kind", ["commit fails", "before commit", "commit unknown", "after commit"])
    def test_a_rejected_transition_does_not_get_to_its_commit(self, kind):
        scenario = desk(Refuse(), faults=pl.Faults(crashes=1, unknown_commits=1, commit_failures=1))
        expected = "it does not get to its commit: ValueError: no"
        assert expected == refusal(scenario, Fire(Refuse(), fault=Fault(kind)))


class TestExecutor:
    def test_a_delayed_request_is_queued_again_while_the_first_stays(self):
        scenario = desk(Ask(), faults=pl.Faults(delayed_requests=1))
        assert ["queued 1 of life 0", "request 1 of life 0"] == wire(
            after(scenario, Fire(Ask()), dispatch(1), Delay(request(1)))
        )

    def test_nobody_waits_for_a_request_sent_before_a_crash(self):
        scenario = desk(Ask(), faults=pl.Faults(delayed_requests=1, crashes=1))
        events = Fire(Ask()), dispatch(1), Crash(), Recover(), Delay(request(1))
        assert "it was sent before a crash: nobody waits for it any more" == refusal(scenario, *events)

    def test_a_lost_request_is_queued_again(self):
        scenario = desk(Ask(), faults=pl.Faults(lost_requests=1))
        assert ["queued 1 of life 0"] == wire(after(scenario, Fire(Ask()), dispatch(1), Lose(request(1))))

    def test_a_lost_result_is_asked_for_again(self):
        scenario = desk(Ask(), faults=pl.Faults(lost_results=1))
        assert ["queued 1 of life 0"] == wire(after(scenario, Fire(Ask()), dispatch(1), ask(1), Lose(result(1))))

    def test_a_lost_request_of_a_life_before_is_gone(self):
        scenario = desk(Ask(), faults=pl.Faults(lost_requests=1, crashes=1))
        assert ["queued 1 of life 1 restored"] == wire(
            after(scenario, Fire(Ask()), dispatch(1), Crash(), Recover(), Lose(request(1)))
        )

    def test_a_request_lost_while_the_process_is_down_is_gone(self):
        scenario = desk(Ask(), faults=pl.Faults(lost_requests=1, crashes=1))
        assert [] == wire(after(scenario, Fire(Ask()), dispatch(1), Crash(), Lose(request(1))))

    @pytest.mark.parametrize(
        ("events", "expected"),
        [
            ((Duplicate(request(1)), Lose(request(1))), ["request 1 of life 0"]),
            ((Duplicate(request(1)), ask(1), Lose(request(1))), ["result 1 yes of life 0"]),
            ((Delay(request(1)), Lose(request(1))), ["queued 1 of life 0"]),
        ],
    )
    def test_it_is_not_queued_again_while_a_copy_is_queued_or_on_the_wire(self, events, expected):
        scenario = desk(Ask(), faults=pl.Faults(lost_requests=1, duplicated_requests=1, delayed_requests=1))
        assert expected == wire(after(scenario, Fire(Ask()), dispatch(1), *events))


class TestInputsSentAgain:
    def test_a_client_resends_what_was_committed_or_rejected(self):
        scenario = desk(Ask(), Refuse(), faults=pl.Faults(duplicated_inputs=2))
        events = Fire(Ask()), Fire(Refuse()), Fire(Ask(), again=True), Fire(Refuse(), again=True)
        configuration = after(scenario, *events)
        assert ["queued 1 of life 0", "queued 2 of life 0"] == wire(configuration)
        assert (2, {}) == (configuration.inputs.next_index, budgets(configuration))

    def test_it_does_not_resend_what_was_lost_or_not_fired(self):
        scenario = desk(Ask(), Tell(), faults=pl.Faults(duplicated_inputs=1, lost_inputs=1))
        expected = "Ask(count=1) was not answered yet, so nobody sends it again"
        assert expected == refusal(scenario, Fire(Ask(), again=True))
        assert expected == refusal(scenario, Lose(Fire(Ask())), Fire(Ask(), again=True))

    def test_a_lost_input_is_used_up(self):
        scenario = desk(Ask(), faults=pl.Faults(lost_inputs=1))
        configuration = after(scenario, Lose(Fire(Ask())))
        assert ((1, frozenset(), frozenset({0})), []) == (configuration.inputs, wire(configuration))
        assert "Ask(count=1) was fired already" == refusal(scenario, Lose(Fire(Ask())), Fire(Ask()))

    def test_an_input_that_is_not_the_scenarios_is_not_on_its_way(self):
        event = Lose(Fire(Tell()))
        expected = "Tell(text='hello') is not among the scenario's inputs, so it is not on its way"
        assert expected == refusal(desk(Ask(), faults=pl.Faults(lost_inputs=1)), event)

    @pytest.mark.parametrize("fire", [Fire(Ask(), again=True), Fire(Ask(), fault=Fault("commit fails"))])
    def test_only_the_first_way_of_an_input_is_lost(self, fire):
        scenario = desk(Ask(), faults=pl.Faults(lost_inputs=1, duplicated_inputs=1))
        expected = "only an input's first way can be lost: write Lose(Fire(input))"
        assert expected == refusal(scenario, Fire(Ask()), Lose(fire))


@pytest.mark.parametrize(
    ("budget", "events"),
    [
        ("crashes", (Crash(),)),
        ("crashes", (Fire(Ask(), fault=Fault("before accept")),)),
        ("crashes", (Fire(Ask(), fault=Fault("at access", 1)),)),
        ("crashes", (Fire(Ask(), fault=Fault("after commit", 0)),)),
        ("lost_requests", (Fire(Ask()), dispatch(1), Lose(request(1)))),
        ("duplicated_requests", (Fire(Ask()), dispatch(1), Duplicate(request(1)))),
        ("delayed_requests", (Fire(Ask()), dispatch(1), Delay(request(1)))),
        ("lost_results", (Fire(Ask()), dispatch(1), ask(1), Lose(result(1)))),
        ("duplicated_results", (Fire(Ask()), dispatch(1), ask(1), Duplicate(result(1)))),
        ("access_errors", (Fire(Ask(), fault=Fault("access fails", 1)),)),
        ("add_errors", (Fire(Ask(), fault=Fault("add fails", 1)),)),
        ("commit_failures", (Fire(Ask(), fault=Fault("commit fails")),)),
        ("unknown_commits", (Fire(Ask(), fault=Fault("commit unknown")),)),
        ("duplicated_inputs", (Fire(Ask()), Fire(Ask(), again=True))),
        ("lost_inputs", (Lose(Fire(Ask())),)),
    ],
)
def test_a_fault_beyond_its_budget_is_refused_with_how_to_raise_it(budget, events):
    assert f"{budget} is 0: set Faults({budget}=1)" == refusal(desk(Ask()), *events)
    scenario = desk(Ask(), faults=pl.Faults(**{budget: 1}))
    assert {} == budgets(after(scenario, *events))


def test_a_used_up_budget_says_so():
    scenario = desk(Ask(), faults=pl.Faults(duplicated_requests=2))
    copy = Duplicate(request(1))
    expected = "duplicated_requests is 2 and used up (2 of 2): set Faults(duplicated_requests=3)"
    assert expected == refusal(scenario, Fire(Ask()), dispatch(1), copy, copy, copy)


def test_an_event_may_cost_two_budgets():
    scenario = desk(Ask(), faults=pl.Faults(duplicated_inputs=1, commit_failures=1))
    configuration = after(scenario, Fire(Ask()), Fire(Ask(), again=True, fault=Fault("commit fails")))
    assert {} == budgets(configuration)


def test_a_refused_event_changes_nothing():
    scenario = desk(Ask(), faults=pl.Faults(crashes=1))
    configuration = after(scenario, Fire(Ask()))
    key = configuration.key()
    with pytest.raises(NotEnabledError):
        step(scenario, configuration, deliver(1))
    with pytest.raises(NotEnabledError):
        step(scenario, configuration, Fire(Ask(), fault=Fault("after commit", 7)))
    assert key == configuration.key()
