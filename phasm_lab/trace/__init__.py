"""Traces: recording, replaying and keeping the tree of every run tried."""
