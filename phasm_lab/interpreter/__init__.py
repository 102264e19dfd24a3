"""What needs the interpreter itself: the clock, threads, tracing of lines."""
