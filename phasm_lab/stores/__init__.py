"""Stores: states that live in a real database; the only rooms that do I/O on state."""
