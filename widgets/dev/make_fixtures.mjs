/* Writes the fixtures of the dev page and of the tests: recorded runs in the shape of protocol.ts. Run with node. */

import { writeFileSync } from "node:fs";
import { choicesAt, letterOf, panelOf, play, start, threadsOf } from "./payments.mjs";

const HERE = new URL("./fixtures/", import.meta.url);

const timelineOf = (played, branch) => ({
  branch,
  row_count: played.length,
  first: 0,
  rows: played.map(({ row }) => row),
  threads: threadsOf(played),
  outline: played.map(({ row }) => letterOf(row)).join(""),
  systems: ["card network"],
  found: null,
});

const VERDICT = {
  kind: "broken",
  text: "broken: 2 findings",
  more: "4,565 configurations · complete for 1 crash",
  label: "Broken: 2 findings. 4,565 configurations, complete for 1 crash.",
};

function viewOf(played, index, taken, verdict) {
  const { row, after, python } = played[index];
  const newest = played.at(-1).row.step;
  const run = played
    .slice(1, index + 1)
    .map((each) => `    ${each.python}`)
    .join("\n");
  return {
    step: row.step,
    newest,
    row: index,
    header: { name: "payments", summary: "2 inputs · 1 crash", verdict },
    choices: choicesAt(after, row.step, newest, taken),
    panel: panelOf(played[index], after),
    python,
    test: `def test_run():\n    lab = pl.Lab(scenario)\n${run}\n`,
    say: row.say,
  };
}

const BASE = {
  graph: null,
  answer: { serial: 0, problem: null },
  theme: "auto",
  outbox: [],
  acknowledged: 0,
  read_only: true,
};

function save(name, part, timelines, views, tree, selected, graph = null) {
  const traits = {
    ...BASE,
    part,
    view: views[selected],
    timeline: timelines[0],
    tree: { ...tree, selected },
    selected,
    graph,
  };
  writeFileSync(new URL(`${name}.json`, HERE), `${JSON.stringify({ traits, views, timelines })}\n`);
}

/* The run of the design: charged, crashed, recovered, charged again; and two other branches. */
const MAIN = ["start", "fire", "dispatch", "perform", "crash", "recover", "dispatch", "perform", "deliver", "deliver"];
const main = play(start(), MAIN, 0);
const calm = [...main.slice(0, 4), ...play(main[3].after, ["deliver", "fire"], 10)];
const early = [...main.slice(0, 2), ...play(main[1].after, ["crash", "recover", "dispatch", "perform", "deliver"], 12)];

const GRAPH_NODES = [
  [0, 0, "start"],
  [1, 0, "accepted"],
  [2, 0, "sent"],
  [3, 0, "charged"],
  [4, 0, "paid", "quiescent"],
  [2, 1, "stored", "down"],
  [3, 1, "sent", "down"],
  [4, 1, "charged", "down"],
  [3, 2, "#1 queued"],
  [4, 2, "+ request"],
  [5, 2, "+ result"],
  [6, 2, "sent again"],
  [7, 2, "charged ×2", "broken"],
  [4, 3, "sent"],
  [5, 3, "charged"],
  [6, 3, "paid", "quiescent"],
];
const GRAPH_EDGES = [
  [0, 1],
  [1, 2],
  [2, 3],
  [3, 4],
  [1, 5, "crash"],
  [2, 5, "crash"],
  [2, 6, "crash"],
  [3, 7, "crash"],
  [5, 8, "recover"],
  [6, 9, "recover"],
  [7, 10, "recover"],
  [9, 10],
  [10, 11],
  [11, 12],
  [8, 13],
  [13, 14],
  [14, 15],
];
const PATH = [0, 1, 2, 3, 7, 10, 11, 12];
const GRAPH = {
  nodes: GRAPH_NODES.map(([column, order, label, kind = "up"], key) => ({
    key,
    label,
    column,
    order,
    kind: kind === "broken" ? "up" : kind,
    broken: kind === "broken",
    step: PATH.indexOf(key) >= 0 ? PATH.indexOf(key) : 20 + key,
  })),
  edges: GRAPH_EDGES.map(([source, target, mark = "dot"]) => ({
    source,
    target,
    mark,
    label: mark,
    selected: PATH.includes(source) && PATH[PATH.indexOf(source) + 1] === target,
  })),
  shown: 4565,
  total: 4565,
  by: "by payment #1",
  groupings: ["by payment #1", "by process", "each configuration"],
};

function payments() {
  const views = {};
  main.forEach(
    (_, index) =>
      (views[index] = viewOf(
        main,
        index,
        index === 3 ? { "crash:now": 4, "deliver 1 3": 10 } : index === 1 ? { "dispatch 1": 2, "crash:now": 12 } : {},
        VERDICT,
      )),
  );
  calm.slice(4).forEach(({ row }, offset) => (views[row.step] = viewOf(calm, 4 + offset, {}, VERDICT)));
  early.slice(2).forEach(({ row }, offset) => (views[row.step] = viewOf(early, 2 + offset, {}, VERDICT)));
  const kinds = (played) => played.map(({ row }) => letterOf(row)).join("");
  const steps = (played) => played.map(({ row }) => row.step);
  const tree = {
    step_count: 17,
    newest: 9,
    segments: [
      { parent: -1, depth: 0, steps: steps(main), kinds: kinds(main) },
      { parent: 3, depth: 4, steps: steps(calm.slice(4)), kinds: kinds(calm.slice(4)) },
      { parent: 1, depth: 2, steps: steps(early.slice(2)), kinds: kinds(early.slice(2)) },
    ],
    names: [
      { step: 9, name: "charged twice" },
      { step: 11, name: "no crash" },
      { step: 16, name: "crash before dispatch" },
    ],
  };
  const timelines = [timelineOf(main, 9), timelineOf(calm, 11), timelineOf(early, 16)];
  save("payments", "explorer", timelines, views, tree, 7, GRAPH);
}

function startOnly() {
  const played = play(start(), ["start"], 0);
  save(
    "start",
    "explorer",
    [timelineOf(played, 0)],
    { 0: viewOf(played, 0, {}, null) },
    { step_count: 1, newest: 0, segments: [{ parent: -1, depth: 0, steps: [0], kinds: "S" }], names: [] },
    0,
  );
}

/* A long quiet run with a crash now and then. Only some views are kept: a saved page of 1,000 steps asks for all, the dev page does not. */
export function long(count) {
  const kinds = ["start"];
  while (kinds.length < count) {
    const crashes = (kinds.length / 5) % 97 > 95;
    kinds.push("fire", "tell", "dispatch", "perform");
    if (crashes) kinds.push("crash", "recover", "dispatch", "perform", "deliver");
    kinds.push("deliver");
  }
  const before = { ...start(), crashes: 99 };
  const played = play(before, kinds.slice(0, count), 0);
  return played;
}

function thousand() {
  const played = long(1000);
  const last = played.length - 1;
  const views = Object.fromEntries(
    [0, 480, 483, 484, 485, 998, last].map((index) => [index, viewOf(played, index, {}, null)]),
  );
  const tree = {
    step_count: played.length,
    newest: last,
    segments: [
      {
        parent: -1,
        depth: 0,
        steps: played.map(({ row }) => row.step),
        kinds: played.map(({ row }) => letterOf(row)).join(""),
      },
    ],
    names: [],
  };
  save("thousand", "explorer", [timelineOf(played, last)], views, tree, last);
}

/* Names and values that try to be markup, to reorder their neighbours, or to be endless. */
const HOSTILE = [
  "<img src=x onerror=alert(1)>",
  "</script><script>alert(1)</script>",
  '"><svg onload=alert(1)>',
  "{{constructor}}",
  "\u202egnp.exe",
  "\u0000\u0007\u001b[31m",
  "x".repeat(3_000),
  "a\nb\tc",
  "&lt;b&gt;&amp;",
  "'; drop table x; --",
];

function hostile() {
  const played = play(start(), ["start", "fire", "dispatch", "perform", "crash", "recover"], 0);
  const at = (index) => HOSTILE[index % HOSTILE.length];
  const poison = (value, seed) =>
    Array.isArray(value)
      ? value.map((each, index) => poison(each, seed + index))
      : value && typeof value === "object"
        ? Object.fromEntries(
            Object.entries(value).map(([key, each], index) => [key, KEPT.has(key) ? each : poison(each, seed + index)]),
          )
        : typeof value === "string"
          ? at(seed + value.length)
          : value;
  const timeline = timelineOf(played, 5);
  const bad = { ...timeline, systems: [at(1)], rows: poison(timeline.rows, 3), threads: timeline.threads };
  const views = Object.fromEntries(
    played.map((_, index) => [index, poison(viewOf(played, index, {}, VERDICT), index)]),
  );
  const tree = {
    step_count: 6,
    newest: 5,
    segments: [{ parent: -1, depth: 0, steps: [0, 1, 2, 3, 4, 5], kinds: timeline.outline }],
    names: [{ step: 5, name: at(0) }],
  };
  save("hostile", "explorer", [bad], views, tree, 5, poison(GRAPH, 2));
}

const KEPT = new Set(["kind", "result", "mark", "sign", "key", "lane", "state", "by"]);

/* Every kind of row that the lanes can draw, three outside systems, and awaits as extra places on two rulers. */
function grammar() {
  const base = {
    step: 0,
    kind: "fire",
    result: "",
    label: "",
    short: "",
    emits: [],
    untracked: [],
    why: "",
    late: -1,
    system: 0,
    lane: "",
    twin: -1,
    lost: [],
    holds: "",
    own: 1,
    declared: true,
    fault: "",
    say: "",
  };
  const emit = (text, again = -1) => ({ text, short: text.split(" ").at(-1), again });
  const rows = [
    { kind: "start", label: "start" },
    {
      kind: "fire",
      result: "committed",
      label: "Book('ada', 3)",
      short: "Book",
      emits: [emit("Reserve #1"), emit("Mail #2"), emit("Audit #3")],
      untracked: ["log: booked"],
    },
    { kind: "dispatch", label: "log: booked", short: "log", untracked: ["log: booked"] },
    { kind: "dispatch", label: "request #1", short: "#1" },
    { kind: "dispatch", label: "request #2", short: "#2" },
    { kind: "perform", label: "reserved", short: "ok", system: 0 },
    { kind: "perform", label: "sent ×1", short: "×1", system: 1 },
    { kind: "duplicate", lane: "request", label: "request #3 twice", short: "#3 twice" },
    { kind: "delay", lane: "request", label: "request #3 sent again", short: "again" },
    { kind: "lose", lane: "result", label: "result #2 lost", short: "lost" },
    { kind: "fire", result: "rejected", label: "Book('eve', 3)", short: "Book", why: "SlotTaken: 3" },
    { kind: "fire", result: "failed", label: "Book('bob', 4)", short: "Book", fault: "access 2 fails" },
    { kind: "fire", result: "committed", label: "Cancel(9)", short: "Cancel", declared: false },
    { kind: "deliver", result: "committed", label: "result #1", short: "#1", emits: [emit("Confirm #4")] },
    { kind: "deliver", result: "failed", label: "result #1", short: "#1", fault: "commit fails" },
    {
      kind: "fire",
      result: "unknown",
      label: "Book('bob', 4)",
      short: "Book",
      why: "commit outcome unknown",
      holds: "#2\n#3\n#4",
      emits: [emit("Reserve #5")],
    },
    { kind: "recover", result: "failed", label: "recover", short: "recover", fault: "access 1 fails" },
    {
      kind: "recover",
      result: "committed",
      label: "recover",
      short: "recover",
      emits: [emit("Mail #2", 1), emit("Audit #3", 1), emit("Reserve #5", 15)],
    },
    { kind: "fire", result: "down", label: "Book('joe', 5)", short: "Book", why: "in stf at await 2, line 31" },
    { kind: "recover", result: "committed", label: "recover", short: "recover" },
    {
      kind: "fire",
      result: "down",
      label: "Book('kim', 6)",
      short: "Book",
      why: "after commit, 1 of 2 handed over",
      emits: [emit("Reserve #7"), emit("Mail #8")],
      untracked: ["log: booked"],
      holds: "#7\n#8",
    },
    {
      kind: "recover",
      result: "down",
      label: "recover",
      short: "recover",
      why: "restore returned, 0 of 1 handed over",
      emits: [emit("Reserve #7", 20)],
    },
    { kind: "recover", result: "committed", label: "recover", short: "recover", emits: [emit("Reserve #7", 20)] },
    { kind: "lose", label: "lose Book('eve', 7)", short: "lose Book" },
    { kind: "perform", label: "audited", short: "ok", system: 2 },
  ].map((row, step) => ({ ...base, step, ...row, say: `Step ${step}: ${row.kind} ${row.label}.` }));
  const thread = (kind, id, from, to, end, slot = 0, tracked = true) => ({ kind, id, from, to, end, slot, tracked });
  const threads = [
    thread("keep", "#1", 1, 13, "used"),
    thread("keep", "#2", 1, -1, "open", 1),
    thread("queue", "#3", 1, 7, "used", 2),
    thread("queue", "log: booked", 1, 2, "used", 3, false),
    thread("request", "#1", 3, 5, "used"),
    thread("request", "#2", 4, 6, "used", 1),
    thread("result", "#1", 5, 13, "used"),
    thread("result", "#2", 6, 9, "lost", 1),
    thread("queue", "#4", 13, 15, "lost"),
    thread("request", "#3", 8, 15, "lost", 0),
    thread("request", "#7", 20, -1, "open", 0),
  ];
  const outline = "SFDDDPPUELfffVvXrRXRXRRLP";
  const played = main.slice(0, 2);
  const view = {
    ...viewOf(
      played,
      1,
      {},
      {
        kind: "run",
        text: "nothing broken up to 8 steps",
        more: "50,000 configurations",
        label: "Nothing broken up to 8 steps.",
      },
    ),
    step: 24,
    newest: 24,
    row: 24,
  };
  const crash = view.choices.groups[3];
  const place = (key, title) => ({
    mark: null,
    chip: { ...crash.ruler[0].places[1].chip, id: key, title, label: title },
  });
  const ruler = (title, awaits) => ({
    title,
    places: [
      { mark: "input", chip: null },
      ...Array.from({ length: awaits }, (_, n) =>
        place(`${title} a${n}`, `${title}: in stf at await ${n + 1}, line ${30 + n}`),
      ),
      ...crash.ruler[0].places
        .slice(1)
        .map((each, n) => (each.chip ? place(`${title} p${n}`, `${title}: point ${n}`) : each)),
    ],
    words: [
      { text: "in stf, at awaits", first: 1, last: awaits },
      { text: "before", first: awaits + 1, last: awaits + 1 },
      { text: "unknown", first: awaits + 2, last: awaits + 4 },
      { text: "after, 0 1 2 out", first: awaits + 4, last: awaits + 8 },
    ],
  });
  crash.note = "1 left";
  crash.ruler = [ruler("Pay('bob', 120)", 4), ruler("result #1, charged", 2)];
  crash.loses = [
    { id: "a", text: "request #2" },
    { id: "b", text: "result #1" },
  ];
  const timeline = {
    branch: 24,
    row_count: rows.length,
    first: 0,
    rows,
    threads,
    outline,
    systems: ["booking office", "mail", "audit log"],
    found: null,
  };
  const tree = {
    step_count: 25,
    newest: 24,
    segments: [{ parent: -1, depth: 0, steps: rows.map((row) => row.step), kinds: outline }],
    names: [],
  };
  save("grammar", "explorer", [timeline], { 24: view }, tree, 24);
}

payments();
grammar();
startOnly();
thousand();
hostile();
