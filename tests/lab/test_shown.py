"""What a plain prompt shows of a lab: each value on the line that names it."""

import phasm_lab as pl


async def notes(db, input, actions):
    del actions
    await db.execute("insert into notes values (?)", (input.payload,))


async def restore(db, actions):
    del db, actions


def test_a_table_of_rows_stands_on_one_line_with_a_sign_for_each_line_end():
    machine = pl.Machine(pl.sqlite(schema="create table notes (text text)"), notes, restore)
    lab = pl.Lab(pl.Scenario(machine, inputs=["first", "second"]))
    lab.fire("first")
    lab.fire("second")
    assert "  state        notes: 2 rows ⏎ ('first',) ⏎ ('second',)" in str(lab).splitlines()
