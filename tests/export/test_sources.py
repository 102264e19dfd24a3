"""The source of a machine in a report: what its author wrote, from files and from notebook cells, else words."""

import linecache

import phasm_lab as pl
from phasm_lab.examples.outbox import outbox
from phasm_lab.export.sources import sources_of

CELL = """\
import phasm_lab as pl
from dataclasses import dataclass

LIMIT = 3

@dataclass
class Count:
    total: int = 0

    def add(self):
        self.total = more(self.total)

def more(total):
    return min(total + 1, LIMIT)

async def stf(state, input, actions):
    state.add()

async def restore(state, actions):
    pass

scenario = pl.Scenario(pl.Machine(initial=Count, stf=stf, restore=restore), inputs=["go"])
"""


def run_cell(text, file):
    """Run a cell as a notebook's kernel does: Python itself does not know where its classes come from."""
    names = {"__name__": "cell"}
    exec(compile(text, file, "exec"), names)
    return names["scenario"]


def test_a_file_s_functions_and_classes_stand_in_its_order_each_once():
    blocks = sources_of(outbox).blocks
    assert sorted(blocks, key=lambda block: block.first) == list(blocks)
    assert len({block.first for block in blocks}) == len(blocks)
    assert {"stf", "restore", "perform", "Outbox"} <= {block.name for block in blocks}


def test_of_a_cell_it_is_found_where_the_kernel_keeps_it():
    file = "<ipython-input-7-abc>"
    # As IPython does: without a time of change, the lines stay.
    linecache.cache[file] = (len(CELL), None, CELL.splitlines(keepends=True), file)
    try:
        found = sources_of(run_cell(CELL, file))
    finally:
        del linecache.cache[file]
    assert [("Count", 6), ("more", 13), ("stf", 16), ("restore", 19)] == [
        (block.name, block.first) for block in found.blocks
    ]
    assert ("@dataclass", "class Count:", "    total: int = 0", "") == found.blocks[0].lines[:4]
    assert ("LIMIT = 3",) == found.values
    assert () == found.missing


def test_what_cannot_be_read_is_said_in_words():
    found = sources_of(run_cell(CELL, "<string typed at a prompt>"))
    assert () == found.blocks
    assert (
        "stf: the source of stf cannot be read",
        "restore: the source of restore cannot be read",
        "the class Count: its source cannot be read",
    ) == found.missing


def test_the_schema_of_a_database_is_part_of_it():
    async def stf(state, input, actions):
        await state.execute("insert into entries values (?)", (input.payload,))
        actions.add(pl.Untracked("entered"))

    async def restore(state, actions):
        pass

    schema = "create table entries (text not null)"
    machine = pl.Machine(initial=pl.sqlite(schema=schema), stf=stf, restore=restore)
    assert schema == sources_of(pl.Scenario(machine, inputs=["a"])).schema
