/* The steps as a table, in place of the lanes, for those who cannot see them. */

import { h, table } from "./dom";
import type { Row, Timeline } from "./protocol";

const CHECKS = ["", "hold", "broken here first", "still broken"] as const;

function cellsOf(row: Row): string[] {
  const emitted = [
    ...row.emits.map((each) => (each.again >= 0 ? `${each.text}, again, as at ${each.again}` : each.text)),
    ...row.untracked,
  ];
  return [
    row.kind,
    row.label,
    [row.result, row.why || row.fault].filter(Boolean).join(": "),
    emitted.join(", "),
    row.lost.join(", "),
    CHECKS[row.own],
    CHECKS[row.rules],
  ];
}

const HEADS = ["step", "event", "what", "ended", "emitted", "lost", "own properties", "rules"];

export function stepsTable(timeline: Timeline, selected: number): HTMLElement {
  const last = timeline.first + timeline.rows.length - 1;
  const caption =
    timeline.rows.length < timeline.row_count
      ? `Rows ${timeline.first} to ${last} of ${timeline.row_count}`
      : `${timeline.row_count} steps`;
  const rows = timeline.rows.map((row, offset) =>
    h(
      "tr",
      {
        "aria-current": row.step === selected ? "true" : null,
        "data-do": "row",
        "data-index": timeline.first + offset,
      },
      h("th", { scope: "row" }, row.step),
      ...cellsOf(row).map((text) => h("td", text)),
    ),
  );
  return table(caption, HEADS, rows);
}
