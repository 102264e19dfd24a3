"""Checks: searching every run within the budgets, and what must hold of any machine."""
