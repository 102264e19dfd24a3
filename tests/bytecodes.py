"""Something that happens at one bytecode of the engine, so that a test can try every place there is."""

import sys
from contextlib import contextmanager


@contextmanager
def at_bytecode(count, act):
    """Call `act` at the bytecode of the engine with this number, 1 is the first; yields the functions that it was called in."""
    left, called_in = count, []

    def trace(frame, event, _argument):
        nonlocal left
        if "/phasm_lab/engine/" not in frame.f_code.co_filename:
            return None
        frame.f_trace_opcodes = True
        left -= event == "opcode"
        if left == 0 and not called_in:
            called_in.append(frame.f_code.co_name)
            act()
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield called_in
    finally:
        sys.settrace(before)
