// Runs a Python module of this project in Pyodide, as `python -m` would: node run_module.mjs MODULE ARGUMENT...

import { dirname, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { loadPyodide } from "pyodide";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const RUN = `
import os, runpy, sys

os.chdir("/project")
sys.path.insert(0, "/project")
sys.dont_write_bytecode = True
sys.argv = list(words)
try:
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)
    code = 0
except SystemExit as stop:
    code = stop.code or 0
code
`;

const python = await loadPyodide();
python.FS.mkdir("/project");
python.FS.mount(python.FS.filesystems.NODEFS, { root: ROOT }, "/project");
python.globals.set("words", python.toPy(process.argv.slice(2)));
process.exitCode = await python.runPythonAsync(RUN);
