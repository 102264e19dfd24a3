/* A stand-in for the model of a crash matrix or a comparison on a page without a kernel: cells are put on either side from what was
   saved, and their common beginning folds and unfolds. */

import type { Model } from "./model";
import type { Comparison, Post, Problem, SavedRecoveries, SideName } from "./protocol";

const NOT_SAVED: Problem = {
  title: "These rows were not saved.",
  lines: ["Open the matrix in a notebook to see them."],
  fields: {},
};

const NOT_TOGETHER: Problem = {
  title: "These two were not saved side by side.",
  lines: ["Open the matrix in a notebook to see them, or put a cell beside the crash-free run."],
  fields: {},
};

const withNote = (found: Comparison): Comparison => ({
  ...found,
  note: found.note || `Left: ${found.left.title}. Right: ${found.right.title}.`,
});

/* The rows from one on, as far as they were saved. */
function rowsFrom(whole: Comparison, first: number): Comparison | null {
  const rows = whole.rows.slice(first - whole.first);
  return first < whole.first || (rows.length === 0 && first < whole.row_count) ? null : { ...whole, first, rows };
}

export function staticRecoveries(saved: SavedRecoveries): Model {
  const traits: Record<string, unknown> = {
    theme: "auto",
    read_only: true,
    answer: { serial: 0, problem: null },
    ...saved.traits,
  };
  const heard = new Map<string, Set<() => void>>();
  const set = (name: string, value: unknown): void => {
    traits[name] = value;
    for (const callback of [...(heard.get(`change:${name}`) ?? [])]) callback();
  };
  let whole = saved.traits.comparison;
  const show = (found: Comparison | null): void => {
    whole = found ? withNote(found) : whole;
    if (whole) set("comparison", rowsFrom(whole, Math.min(whole.common_count, whole.row_count)) ?? whole);
  };
  show(whole);
  /* Shows two runs, by their cells, where they were saved side by side. */
  const together = (left: string, right: string): Problem | null => {
    const found = saved.comparisons[`${left}|${right}`];
    if (found) show(found);
    return found ? null : NOT_TOGETHER;
  };
  const put = (side: SideName, cell: string): Problem | null => {
    const { left, right } = whole!;
    const problem = side === "left" ? together(cell, right.cell) : together(left.cell, cell);
    /* Of a long matrix each cell stands beside the crash-free run alone. */
    return problem && side === "right" ? together("", cell) : problem;
  };
  const send = (content: unknown): void => {
    const post = content as Post;
    let problem: Problem | null = null;
    if (post.kind === "put" && whole) problem = put(post.side, post.cell);
    if (post.kind === "swap" && whole) problem = together(whole.right.cell, whole.left.cell);
    if (post.kind === "compared_rows" && whole) {
      const found = rowsFrom(whole, post.first);
      if (found) set("comparison", found);
      else problem = NOT_SAVED;
    }
    set("answer", { serial: post.serial, problem });
  };
  return {
    get: (name) => traits[name],
    set,
    save_changes: () => undefined,
    on: (event, callback) => void heard.set(event, (heard.get(event) ?? new Set()).add(callback)),
    off: (event, callback) => void heard.get(event)?.delete(callback),
    send,
  };
}
