import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def begin_writing(path, hash_seed):
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-m", "tests.trace.write_traces", str(path)]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def test_a_thousand_random_traces_are_the_same_bytes_under_two_hash_seeds(tmp_path):
    writers = [begin_writing(tmp_path / seed, seed) for seed in ("1", "2")]
    assert [0, 0] == [writer.wait() for writer in writers]
    first, second = (tmp_path / "1").read_bytes(), (tmp_path / "2").read_bytes()
    assert 1_000 == first.count(b'{"format":"phasm-lab-trace"')
    assert first == second
