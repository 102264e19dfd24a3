"""What needs the interpreter itself: the clock, threads, tracing of lines, and what purity is judged by.

What the purity detectors cannot see; each is a machine in ``tests/purity/known_misses.py``:

* a clock or generator of chance that only C code calls: ``next(iter(time.monotonic, None))``;
* a name that is made at run time: ``getattr(sys, "arg" + "v")``, ``globals()["CA" + "LLS"] = 1``;
* an iterator that does not tell where it stands: a global ``itertools.cycle``;
* what a `functools.cache` keeps: the cache of a pure function is harmless, so caches are emptied before a look, not watched;
* a mark on a result that is there already when the transition runs again: ``input.result["seen"] = True``;
* an order of a set that is the same under all five hash seeds that are tried;
* state and effects inside an installed package that the machine only uses, except what Python itself does for it;
* what a transition does that is none of the first of its kind, where nothing that its code names may reach outside.

Where a profiler written in C is on, calls of C functions are not heard; where there are no processes (Pyodide) or a machine
cannot be shipped, no other interpreter is asked; a report names both. A check puts everything back but one thing: an audit
hook cannot be taken out of an interpreter, so one stays, and does nothing while nobody listens.
"""
