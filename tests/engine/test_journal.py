import pytest
from hypothesis import given
from hypothesis import strategies as st

from phasm_lab.engine import memory
from phasm_lab.engine.memory import MemorySource
from phasm_lab.machine.data import thaw
from tests.engine.programs import PROGRAMS, run, shown, start_shop


def first_version():
    return MemorySource(start_shop, "initial").start()


@given(PROGRAMS)
def test_a_program_sees_and_leaves_what_it_does_on_a_plain_state(program):
    version, plain = first_version(), start_shop()
    state = version.begin(None)
    assert [run(plain, operation) for operation in program] == [run(state, operation) for operation in program]
    assert shown(plain) == shown(state)
    assert shown(plain) == shown(version.commit().view())


@given(PROGRAMS)
def test_a_rollback_brings_back_every_value_in_its_place(program):
    version = first_version()
    state = version.begin(None)
    for operation in program:
        run(state, operation)
    version.rollback()
    assert shown(start_shop()) == shown(version.view())


TRANSITIONS = st.lists(st.tuples(st.integers(0, 100), PROGRAMS, st.booleans()), max_size=12)


@pytest.mark.parametrize("shortest_segment", [3, 5_000])
@given(transitions=TRANSITIONS, looks=st.lists(st.integers(0, 100), max_size=12))
def test_every_version_keeps_its_value_whatever_is_tried_from_any_other(shortest_segment, transitions, looks):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory, "SHORTEST_SEGMENT", shortest_segment)
        patch.setattr(memory, "_weight", lambda _: 0)
        versions, plains = [first_version()], [start_shop()]
        for index, program, commits in transitions:
            base = index % len(versions)
            state, plain = versions[base].begin(None), thaw(plains[base])
            assert [run(plain, operation) for operation in program] == [run(state, operation) for operation in program]
            if commits:
                versions.append(versions[base].commit())
                plains.append(thaw(plain))
            else:
                versions[base].rollback()
        for index in [*(look % len(versions) for look in looks), *range(len(versions))]:
            assert shown(plains[index]) == shown(versions[index].view())
