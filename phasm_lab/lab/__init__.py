"""The lab: a cursor over the history tree."""
