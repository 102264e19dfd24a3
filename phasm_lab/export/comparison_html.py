"""Two runs side by side as an HTML table: the common beginning in a line, then a row for what belongs together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phasm_lab.export.marks import MOMENT_MARKS, mark
from phasm_lab.export.markup import Markup, element, join
from phasm_lab.recoveries.doubled import Doubled
from phasm_lab.recoveries.moments import change_path, change_value
from phasm_lab.trace.labels import shorten, shorten_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phasm_lab.engine.versions import Change
    from phasm_lab.recoveries.comparison import Comparison, SideBySide
    from phasm_lab.recoveries.differences import Difference
    from phasm_lab.recoveries.moments import Moment

__all__ = ["comparison_html"]

MAX_TEXT_LENGTH = 120
MAX_ROW_COUNT = 120
MAX_CHANGE_COUNT = 4
MAX_EDIT_COUNT = 12
RELATIONS = {
    "same": ("=", "same"),
    "different": ("≠", "different"),
    "left only": ("◂", "left only"),
    "right only": ("▸", "right only"),
    "moved": ("↕", "elsewhere on the other side"),
}


def comparison_html(comparison: Comparison, left: str = "crash-free run", right: str = "recovery") -> Markup:
    """Return the verdict, the two runs row by row, and in what they differ at the end."""
    heads = [
        element("th", f"{name}, {_steps(len(side.steps))}", scope="col")
        for name, side in ((left, comparison.left), (right, comparison.right))
    ]
    head = element("thead", element("tr", heads[0], element("th", "", class_="relation"), heads[1]))
    body = element("tbody", _common(comparison), *_rows(comparison), *_ends(comparison))
    return join(
        [
            element("p", comparison.verdict, class_="verdict"),
            element("div", element("table", head, body, class_="runs"), class_="wide"),
        ]
    )


def _steps(count: int) -> str:
    return f"{count:,} step{'' if count == 1 else 's'}"


def _common(comparison: Comparison) -> Markup:
    count = comparison.common_count
    if not count:
        return Markup("")
    labels = [row.left.label for row in comparison.rows[:count] if row.left is not None]
    words = f"{comparison.common_words}: {_list(labels)}"
    return element("tr", element("td", words, colspan=3, class_="common"))


def _list(labels: Sequence[str]) -> str:
    short = [shorten_label(label, 40) for label in labels]
    return " · ".join(short if len(short) <= 4 else [*short[:2], "…", short[-1]])


def _rows(comparison: Comparison) -> list[Markup]:
    rows, doubled = comparison.rows[comparison.common_count :], Doubled(comparison)
    half = MAX_ROW_COUNT // 2
    if len(rows) <= MAX_ROW_COUNT:
        return [_row(row, doubled) for row in rows]
    more = element("td", f"{len(rows) - MAX_ROW_COUNT:,} more rows between these", colspan=3, class_="common")
    first, last = ([_row(row, doubled) for row in part] for part in (rows[:half], rows[-half:]))
    return [*first, element("tr", more), *last]


def _row(row: SideBySide, doubled: Doubled) -> Markup:
    sign, words = RELATIONS[row.relation]
    relation = element("td", element("span", sign, role="img", aria_label=words), title=words, class_="relation")
    left = _side(row, row.left, twice=row.left is not None and doubled.rank("left", row.left) != "")
    right = _side(row, row.right, twice=row.right is not None and doubled.rank("right", row.right) != "")
    return element("tr", left, relation, right, class_=row.relation.replace(" ", "-"))


def _side(row: SideBySide, moment: Moment | None, *, twice: bool) -> Markup:
    if moment is None:
        return element("td", element("span", "-", role="img", aria_label="nothing here"), class_="nothing")
    head = [
        element("span", moment.number, class_="number"),
        mark("broken" if twice else _mark_name(moment)),
        element("span", shorten_label(moment.label, MAX_TEXT_LENGTH), class_="label"),
        *(element("em", note) for note in _notes(row, moment)),
    ]
    # The label of a crash says where it is and what it loses, unless it is just "crash".
    is_told = moment.what == "crash" and moment.label != "crash"
    ended = [element("p", shorten(moment.ended, MAX_TEXT_LENGTH))] if moment.ended and not is_told else []
    return element(
        "td",
        element("div", *head),
        *ended,
        _changes(moment),
        class_="dead" if moment.what == "crash" else "twice" if twice else "",
    )


def _mark_name(moment: Moment) -> str:
    if moment.what in ("fire", "deliver") and moment.step.record.result == "rejected":
        return "rejected"
    return MOMENT_MARKS.get(moment.what, "arrow")


def _notes(row: SideBySide, moment: Moment) -> list[str]:
    notes = ["late"] if moment.is_late else []
    if row.left is not None and row.right is not None and row.left.action != row.right.action:
        notes.insert(0, moment.action)
    notes += filter(None, [moment.again_words])
    return notes + ([f"there at step {row.partner.step_number}"] if row.partner is not None else [])


def _changes(moment: Moment) -> Markup:
    changes = [*moment.state_changes, *moment.outside_changes]
    said = [element("code", _change_text(change)) for change in changes[:MAX_CHANGE_COUNT]]
    if len(changes) > MAX_CHANGE_COUNT:
        said.append(element("code", f"and {len(changes) - MAX_CHANGE_COUNT:,} more"))
    return element("p", *said, class_="changes") if said else Markup("")


def _change_text(change: Change) -> str:
    path = change_path(change)
    if change.sign == "-":
        return shorten(f"- {path}", MAX_TEXT_LENGTH)
    value = change_value(change) if change.sign == "+" else f"{change.old} → {change.new}"
    return shorten(f"{change.sign} {path} = {value}", MAX_TEXT_LENGTH)


def _ends(comparison: Comparison) -> list[Markup]:
    return [
        _end("state", comparison.state_difference),
        _end(comparison.environment_name, comparison.outside_difference),
    ]


def _end(name: str, found: Difference) -> Markup:
    words = f"at the end, {name}: {'different' if found else 'the same'}"
    edits = [element("li", shorten(edit.words, 2 * MAX_TEXT_LENGTH)) for edit in found.edits[:MAX_EDIT_COUNT]]
    if len(found.edits) > MAX_EDIT_COUNT:
        edits.append(element("li", f"{len(found.edits) - MAX_EDIT_COUNT:,} more"))
    listed = [element("ul", *edits)] if edits else []
    sign = element("span", "≠" if found else "=", aria_hidden="true")
    return element(
        "tr",
        element("td", sign, " ", element("b", words), *listed, colspan=3),
        class_="end" + (" differs" if found else ""),
    )
