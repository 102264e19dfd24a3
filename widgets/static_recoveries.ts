/* A stand-in for the model of a crash matrix or a comparison on a page without a kernel: a cell is put on the right from what was saved,
   and its common beginning folds and unfolds. */

import type { Model } from "./model";
import type { Comparison, Post, Problem, SavedRecoveries } from "./protocol";

const NOT_SAVED: Problem = {
  title: "These rows were not saved.",
  lines: ["Open the matrix in a notebook to see them."],
  fields: {},
};

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
    whole = found ?? whole;
    if (whole) set("comparison", rowsFrom(whole, Math.min(whole.common_count, whole.row_count)) ?? whole);
  };
  const shownFirst = saved.traits.comparison?.right.cell ?? "";
  show(saved.comparisons[shownFirst] ?? whole);
  const send = (content: unknown): void => {
    const post = content as Post;
    let problem: Problem | null = null;
    if (post.kind === "put") show(saved.comparisons[post.cell] ?? null);
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
