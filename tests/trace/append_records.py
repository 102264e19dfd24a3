"""Hold the journal that is named; as told on the command line, append records until killed or wait for the end of input."""

import sys

from phasm_lab.trace.journal import Journal

if __name__ == "__main__":
    path, scenario_name, task = sys.argv[1:]
    journal, records = Journal.open(path, scenario_name)
    sys.stdout.write(f"open {len(records)}\n")
    sys.stdout.flush()
    if task == "hold":
        sys.stdin.read()
    number = len(records)
    while task == "append":
        journal.append({"record": "step", "number": number, "filling": "x" * (number % 97) * 50})
        number += 1
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
