/* A stand-in for the model of a crash matrix or a comparison on a page without a kernel: a cell is put on the right from what was saved. */

import type { Model } from "./model";
import type { Post, SavedRecoveries } from "./protocol";

export function staticRecoveries(saved: SavedRecoveries): Model {
  const traits: Record<string, unknown> = { theme: "auto", read_only: true, answer: { serial: 0, problem: null }, ...saved.traits };
  const heard = new Map<string, Set<() => void>>();
  const set = (name: string, value: unknown): void => {
    traits[name] = value;
    for (const callback of [...(heard.get(`change:${name}`) ?? [])]) callback();
  };
  const send = (content: unknown): void => {
    const post = content as Post;
    if (post.kind === "put" && saved.comparisons[post.cell]) set("comparison", saved.comparisons[post.cell]);
    set("answer", { serial: post.serial, problem: null });
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
