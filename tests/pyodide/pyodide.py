"""Runs modules of this project in Pyodide, which is CPython in WebAssembly: no threads, no processes; here in Node."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]


def missing():
    """Say what is needed to run Pyodide and is not here, or return an empty string."""
    if shutil.which("node") is None:
        return "Pyodide runs in Node here, and there is none"
    if not (ROOT / "node_modules" / "pyodide").is_dir():
        return "node_modules has no pyodide: npm ci"
    return ""


def command(module, *arguments):
    """Return the command that runs a module in Pyodide as `python -m` would."""
    return ["node", str(Path(__file__).with_name("run_module.mjs")), module, *arguments]
