"""What leaves the lab: data frames, graphs, and pages that need no kernel."""
