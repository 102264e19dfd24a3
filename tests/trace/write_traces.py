"""Write many random traces to the file that is named, one after another; run in processes with different hash seeds."""

import sys
from pathlib import Path

from tests.trace.shop import random_trace, shop

TRACE_COUNT = 1_000
STEP_COUNT = 12

if __name__ == "__main__":
    scenario = shop()
    texts = [random_trace(scenario, seed, STEP_COUNT).to_json_lines() for seed in range(TRACE_COUNT)]
    Path(sys.argv[1]).write_text("".join(texts), encoding="ascii")
