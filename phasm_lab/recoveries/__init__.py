"""Recoveries side by side: one run crashed at every point, any two runs matched by what their steps mean."""
