"""PHASM Lab: see what a crash-recoverable state machine does when everything goes wrong."""
