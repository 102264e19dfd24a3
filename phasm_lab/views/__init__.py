"""What every front end shows: pure functions from a lab to plain JSON, one module for each shape."""
