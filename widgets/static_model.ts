/* A stand-in for the model on a page without a kernel: it answers goto, back and find from what was recorded. */

import type { Model } from "./model";
import type { Post, Saved, Timeline } from "./protocol";

function matching(timeline: Timeline, text: string): number[] {
  const wanted = text.toLowerCase();
  const hits = timeline.rows.map((row, index) =>
    `${row.label} ${row.kind} ${row.say}`.toLowerCase().includes(wanted) ? index : -1,
  );
  return wanted === "" ? [] : hits.filter((index) => index >= 0);
}

export function staticModel(saved: Saved): Model {
  const traits: Record<string, unknown> = {
    theme: "auto",
    read_only: true,
    answer: { serial: 0, problem: null },
    ...saved.traits,
  };
  const heard = new Map<string, Set<() => void>>();
  const set = (name: string, value: unknown): void => {
    if (traits[name] === value) return;
    traits[name] = value;
    for (const callback of [...(heard.get(`change:${name}`) ?? [])]) callback();
  };
  const current = (): Timeline => traits["timeline"] as Timeline;
  const holds = (timeline: Timeline, step: number): boolean => timeline.rows.some((row) => row.step === step);
  const goto = (step: number): void => {
    const branch = holds(current(), step) ? current() : saved.timelines.find((timeline) => holds(timeline, step));
    if (branch) set("timeline", branch);
    if (saved.views[step]) set("view", saved.views[step]);
    set("selected", step);
  };
  const send = (content: unknown): void => {
    const post = content as Post;
    if (post.kind === "goto") goto(post.step);
    if (post.kind === "find")
      set("timeline", { ...current(), found: { text: post.text, rows: matching(current(), post.text) } });
    set("answer", { serial: post.serial, problem: null });
  };
  const whole = saved.timelines.find((timeline) => holds(timeline, (traits["selected"] as number) ?? 0));
  if (whole) traits["timeline"] = { ...whole, found: null };
  return {
    get: (name) => traits[name],
    set,
    save_changes: () => undefined,
    on: (event, callback) => void heard.set(event, (heard.get(event) ?? new Set()).add(callback)),
    off: (event, callback) => void heard.get(event)?.delete(callback),
    send,
  };
}
