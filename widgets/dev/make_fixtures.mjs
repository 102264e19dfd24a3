/* Writes the fixtures of the dev page and of the tests: recorded runs in the shape of protocol.ts. Run with node. */

import { writeFileSync } from "node:fs";
import { choicesAt, letterOf, panelOf, play, start, threadsOf } from "./payments.mjs";

const HERE = new URL("./fixtures/", import.meta.url);

const timelineOf = (played, branch) => ({ branch, row_count: played.length, first: 0, rows: played.map(({ row }) => row), threads: threadsOf(played), outline: played.map(({ row }) => letterOf(row)).join(""), systems: ["card network"], found: null });

const VERDICT = { kind: "broken", text: "broken: 2 findings", more: "4,565 configurations · complete for 1 crash", label: "Broken: 2 findings. 4,565 configurations, complete for 1 crash." };

function viewOf(played, index, taken, verdict) {
  const { row, after, python } = played[index];
  const newest = played.at(-1).row.step;
  const run = played.slice(1, index + 1).map((each) => `    ${each.python}`).join("\n");
  return { step: row.step, newest, row: index, header: { name: "payments", summary: "2 inputs · 1 crash", verdict }, choices: choicesAt(after, row.step, newest, taken), panel: panelOf(played[index], after), python, test: `def test_run():\n    lab = pl.Lab(scenario)\n${run}\n`, say: row.say };
}

const BASE = { graph: null, answer: { serial: 0, problem: null }, theme: "auto", outbox: [], acknowledged: 0, read_only: true };

function save(name, part, timelines, views, tree, selected, graph = null) {
  const traits = { ...BASE, part, view: views[selected], timeline: timelines[0], tree: { ...tree, selected }, selected, graph };
  writeFileSync(new URL(`${name}.json`, HERE), `${JSON.stringify({ traits, views, timelines })}\n`);
}

/* The run of the design: charged, crashed, recovered, charged again; and two other branches. */
const MAIN = ["start", "fire", "dispatch", "perform", "crash", "recover", "dispatch", "perform", "deliver", "deliver"];
const main = play(start(), MAIN, 0);
const calm = [...main.slice(0, 4), ...play(main[3].after, ["deliver", "fire"], 10)];
const early = [...main.slice(0, 2), ...play(main[1].after, ["crash", "recover", "dispatch", "perform", "deliver"], 12)];

const GRAPH_NODES = [[0, 0, "start"], [1, 0, "accepted"], [2, 0, "sent"], [3, 0, "charged"], [4, 0, "paid", "quiescent"], [2, 1, "stored", "down"], [3, 1, "sent", "down"], [4, 1, "charged", "down"], [3, 2, "#1 queued"], [4, 2, "+ request"], [5, 2, "+ result"], [6, 2, "sent again"], [7, 2, "charged ×2", "broken"], [4, 3, "sent"], [5, 3, "charged"], [6, 3, "paid", "quiescent"]];
const GRAPH_EDGES = [[0, 1], [1, 2], [2, 3], [3, 4], [1, 5, "crash"], [2, 5, "crash"], [2, 6, "crash"], [3, 7, "crash"], [5, 8, "recover"], [6, 9, "recover"], [7, 10, "recover"], [9, 10], [10, 11], [11, 12], [8, 13], [13, 14], [14, 15]];
const PATH = [0, 1, 2, 3, 7, 10, 11, 12];
const GRAPH = {
  nodes: GRAPH_NODES.map(([column, order, label, kind = "up"], key) => ({ key, label, column, order, kind: kind === "broken" ? "up" : kind, broken: kind === "broken", step: PATH.indexOf(key) >= 0 ? PATH.indexOf(key) : 20 + key })),
  edges: GRAPH_EDGES.map(([source, target, mark = "dot"]) => ({ source, target, mark, label: mark, selected: PATH.includes(source) && PATH[PATH.indexOf(source) + 1] === target })),
  shown: 16, total: 4565, by: "by payment #1", groupings: ["by payment #1", "by process", "each configuration"],
};

function payments() {
  const views = {};
  main.forEach((_, index) => (views[index] = viewOf(main, index, index === 3 ? { "crash:now": 4, "deliver 1 3": 10 } : index === 1 ? { "dispatch 1": 2, "crash:now": 12 } : {}, VERDICT)));
  calm.slice(4).forEach(({ row }, offset) => (views[row.step] = viewOf(calm, 4 + offset, {}, VERDICT)));
  early.slice(2).forEach(({ row }, offset) => (views[row.step] = viewOf(early, 2 + offset, {}, VERDICT)));
  const kinds = (played) => played.map(({ row }) => letterOf(row)).join("");
  const steps = (played) => played.map(({ row }) => row.step);
  const tree = {
    step_count: 17, newest: 9,
    segments: [{ parent: -1, depth: 0, steps: steps(main), kinds: kinds(main) }, { parent: 3, depth: 4, steps: steps(calm.slice(4)), kinds: kinds(calm.slice(4)) }, { parent: 1, depth: 2, steps: steps(early.slice(2)), kinds: kinds(early.slice(2)) }],
    names: [{ step: 9, name: "charged twice" }, { step: 11, name: "no crash" }, { step: 16, name: "crash before dispatch" }],
  };
  const timelines = [timelineOf(main, 9), timelineOf(calm, 11), timelineOf(early, 16)];
  save("payments", "explorer", timelines, views, tree, 7, GRAPH);
}

function startOnly() {
  const played = play(start(), ["start"], 0);
  save("start", "explorer", [timelineOf(played, 0)], { 0: viewOf(played, 0, {}, null) }, { step_count: 1, newest: 0, segments: [{ parent: -1, depth: 0, steps: [0], kinds: "S" }], names: [] }, 0);
}

/* A long quiet run with a crash now and then. Only some views are kept: a saved page of 1,000 steps asks for all, the dev page does not. */
export function long(count) {
  const kinds = ["start"];
  while (kinds.length < count) {
    const cycle = kinds.length;
    kinds.push("fire", "dispatch", "perform");
    if (cycle % 15 === 0 && cycle % 4 === 2) kinds.push("crash", "recover", "dispatch", "perform", "deliver");
    kinds.push("deliver");
  }
  const before = { ...start(), crashes: 99 };
  const played = play(before, kinds.slice(0, count), 0);
  return played;
}

function thousand() {
  const played = long(1000);
  const last = played.length - 1;
  const views = Object.fromEntries([0, 480, 483, 484, 485, 998, last].map((index) => [index, viewOf(played, index, {}, null)]));
  const tree = { step_count: played.length, newest: last, segments: [{ parent: -1, depth: 0, steps: played.map(({ row }) => row.step), kinds: played.map(({ row }) => letterOf(row)).join("") }], names: [] };
  save("thousand", "explorer", [timelineOf(played, last)], views, tree, last);
}

/* Names and values that try to be markup, to reorder their neighbours, or to be endless. */
const HOSTILE = ["<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>", "\"><svg onload=alert(1)>", "{{constructor}}", "\u202egnp.exe", "\u0000\u0007\u001b[31m", "x".repeat(3_000), "a\nb\tc", "&lt;b&gt;&amp;", "'; drop table x; --"];

function hostile() {
  const played = play(start(), ["start", "fire", "dispatch", "perform", "crash", "recover"], 0);
  const at = (index) => HOSTILE[index % HOSTILE.length];
  const poison = (value, seed) => (Array.isArray(value) ? value.map((each, index) => poison(each, seed + index)) : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, each], index) => [key, KEPT.has(key) ? each : poison(each, seed + index)])) : typeof value === "string" ? at(seed + value.length) : value);
  const timeline = timelineOf(played, 5);
  const bad = { ...timeline, systems: [at(1)], rows: poison(timeline.rows, 3), threads: timeline.threads };
  const views = Object.fromEntries(played.map((_, index) => [index, poison(viewOf(played, index, {}, VERDICT), index)]));
  const tree = { step_count: 6, newest: 5, segments: [{ parent: -1, depth: 0, steps: [0, 1, 2, 3, 4, 5], kinds: timeline.outline }], names: [{ step: 5, name: at(0) }] };
  save("hostile", "explorer", [bad], views, tree, 5, poison(GRAPH, 2));
}

const KEPT = new Set(["kind", "result", "mark", "sign", "key", "lane", "state", "by"]);

payments();
startOnly();
thousand();
hostile();
