"""An independent count of the crashes of a run: the engine's own list of events, and the wire by hand."""

from collections import Counter

from phasm_lab.engine import Crash, Deliver, Dispatch, Fire, Perform, Request, enabled
from phasm_lab.engine.enabled import survey
from phasm_lab.machine.values import Tracked


def parts(messages):
    """How many different parts of the wire there are to lose."""
    count = 1
    for times in Counter(map(repr, messages)).values():
        count *= times + 1
    return count


def crashes_of(matrix):
    """Count crashes by (step number, column), from the run alone."""
    found = Counter()
    before = matrix.run.start
    for number, taken in enumerate(matrix.run, start=1):
        event, after = taken.event, taken.configuration
        wire = [*before.requests, *before.results]
        if isinstance(event, Fire | Deliver):
            access_count = len(survey(matrix.scenario, before, event).accesses)
            found[number, "before accept"] = parts(wire)
            found[number, "in stf"] = access_count * parts(wire)
            if taken.record.result == "committed":
                found[number, "before commit"] = found[number, "commit unknown"] = parts(wire)
                left = [item for item in wire if not (isinstance(event, Deliver) and item == event.result)]
                sent = [Request(item, 0) for item in taken.record.emitted if isinstance(item, Tracked)]
                for count in range(len(sent) + 1):
                    column = "none out" if count == 0 else "all out" if count == len(sent) else "some out"
                    found[number, column] += parts(left + sent[:count])
        elif isinstance(event, Dispatch) and isinstance(event.action, Tracked):
            found[number, "request on wire"] = parts([*after.requests, *after.results])
        elif isinstance(event, Perform):
            events = enabled(matrix.scenario, after)
            losses = [item.lose for item in events if isinstance(item, Crash)]
            newest = after.results[-1]
            found[number, "performed"] = sum(newest in lose for lose in losses)
            found[number, "result on wire"] = sum(newest not in lose for lose in losses)
        before = after
    return +found
