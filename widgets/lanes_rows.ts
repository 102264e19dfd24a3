/* One step drawn on the lanes: what each kind of row looks like. The grammar is: outside, memory, durable, memory, outside. */

import { label, path, rect } from "./dom";
import {
  type Lanes,
  arrowsOf,
  bodyHeight,
  commits,
  dies,
  diesInside,
  emitSteps,
  pillHalf,
  queueX,
  recovers,
  threadOf,
  wireX,
} from "./lanes_layout";
import { arrow, cross, mark } from "./marks";
import type { Measure } from "./measure";
import type { Row, Thread } from "./protocol";

export interface Pen {
  lanes: Lanes;
  sans: Measure;
  mono: Measure;
  threads: Thread[];
  rowAt(index: number): Row | undefined;
}

const middle = (a: number, b: number): number => (a + b) / 2;

/* Where the torn edge of a row is, if the process dies in it. */
export const tearY = (row: Row, top: number): number => top + (row.kind === "crash" ? 0 : bodyHeight(row)) + 12;

export const callY = (row: Row, top: number): number =>
  top + (row.kind === "deliver" ? 18 : row.kind === "recover" ? 16 : 20);

export function commitY(row: Row, top: number): number {
  if (row.kind !== "deliver") return top + 20;
  const { tracked, untracked } = arrowsOf(row);
  return top + (tracked.length + untracked.length ? 40 : 34);
}

/* The y of each arrow from the state to the runtime, tracked ones first. */
export function emitYs(row: Row, top: number): number[] {
  let y = row.kind === "recover" ? top + 35 : commitY(row, top);
  return emitSteps(row).map((height) => {
    const at = y;
    y += height;
    return at;
  });
}

function drawArrow(pen: Pen, start: number, y: number, isTracked: boolean): SVGElement[] {
  const { state, runtime } = pen.lanes;
  const colour = isTracked ? "tracked" : "untracked";
  const stem = y > start ? [path(`M${state + 6} ${start + 2}V${y}`, `k k-${colour}${isTracked ? "" : " dash"}`)] : [];
  return [...stem, ...arrow(state + 6, y, runtime - 1, colour, !isTracked)];
}

/* Where the process died while it handed over: what went out is on its way, the rest is lost. */
function drawHandedOver(pen: Pen, row: Row, index: number, ys: number[]): SVGElement[] {
  if (row.result !== "down" && row.result !== "unknown") return [];
  const { runtime } = pen.lanes;
  const handed = pen.threads.filter((thread) => thread.kind === "request" && thread.from === index).length;
  const lost = ys.slice(handed).map((y) => cross(runtime + 9, y));
  const words = lost.length ? [label(runtime + 17, ys.at(-1)! + 4, "lost", "q f-crash h halo")] : [];
  return [
    ...ys.slice(0, handed).flatMap((y) => arrow(runtime, y, systemX(pen, index) - 1, "tracked")),
    ...lost,
    ...words,
  ];
}

/* The lane of the system that performs what leaves at this row, where that is known. */
function systemX(pen: Pen, index: number): number {
  const { systems } = pen.lanes;
  const thread = threadOf(pen.threads, "request", index, "from");
  const performed = thread && thread.to >= 0 ? pen.rowAt(thread.to) : undefined;
  const known = performed?.kind === "perform" ? systems[performed.system] : undefined;
  return (known ?? systems.find((system) => system.open) ?? systems[0]!).x;
}

function drawEmits(pen: Pen, row: Row, top: number, index: number): SVGElement[] {
  const { state, runtime } = pen.lanes;
  const { tracked, untracked, more } = arrowsOf(row);
  const ys = emitYs(row, top);
  const start = ys[0] ?? 0;
  const x = middle(state + 8, runtime);
  const room = runtime - state - 8;
  const drawn = tracked.flatMap((each, order) => {
    const y = ys[order]!;
    const again =
      each.again >= 0
        ? [
            label(
              x,
              y + 13,
              pen.sans.fit(room + 6, `again, as at ${each.again}`, `again, ${each.again}`, 10, 600),
              "c q f-tracked h halo again",
            ),
          ]
        : [];
    return [
      ...drawArrow(pen, start, y, true),
      label(x, y - 6, fitLastWord(pen.sans, room, each.text, each.short), "c halo emit"),
      ...again,
    ];
  });
  untracked.forEach((text, order) => {
    const y = ys[tracked.length + order]!;
    drawn.push(...drawArrow(pen, start, y, false), label(x, y - 5, pen.sans.fit(room, text, text, 10), "c q halo"));
  });
  drawn.push(...drawHandedOver(pen, row, index, ys));
  if (more > 0) drawn.push(label(x, (ys.at(-1) ?? start) + 16, `and ${more} more`, "c q halo"));
  return drawn;
}

const bar = (pen: Pen, top: number, height: number, className = "f-transition"): SVGElement =>
  rect(pen.lanes.stf - 4, top, 8, height, className, { rx: 1.5 });

const brokenBar = (pen: Pen, top: number, height: number): SVGElement =>
  rect(pen.lanes.stf - 3.5, top, 7, height, "f-ground k-rejected", { rx: 1.5, "stroke-dasharray": "2 2" });

const commit = (pen: Pen, y: number): SVGElement[] => [
  path(`M${pen.lanes.stf + 4} ${y}H${pen.lanes.state - 5}`, "k k-commit"),
  mark("commit", pen.lanes.state, y, 1.15),
];

const rejection = (pen: Pen, y: number): SVGElement[] => [
  path(`M${pen.lanes.stf + 4} ${y}H${pen.lanes.state - 20}`, "k k-rejected"),
  mark("rejected", pen.lanes.state - 15, y),
];

const leftRoom = (pen: Pen): number => pen.lanes.stf - 18 - pen.lanes.numbers;

/* Two lines of words left of the stf bar: what it was, and why. */
function leftWords(
  pen: Pen,
  y: number,
  first: string,
  firstClass: string,
  second: string,
  secondClass: string,
): SVGElement[] {
  const x = pen.lanes.stf - 10;
  const font = secondClass.includes("m") ? pen.mono : pen.sans;
  return [
    label(x, y + 3, pen.sans.fit(leftRoom(pen), first, first, 11, 600), `e h halo ${firstClass}`),
    ...(second ? [label(x, y + 20, font.fit(leftRoom(pen), second, second, 10), `e q halo ${secondClass}`)] : []),
  ];
}

function faultWords(pen: Pen, row: Row, x: number, y: number, room: number): SVGElement[] {
  const text = pen.sans.fit(room - 16, row.fault || row.why || "fault", undefined, 11, 600);
  return [mark("storage", x + 6, y - 4, 0.85), label(x + 16, y, text, "h f-storage halo")];
}

function drawFire(pen: Pen, row: Row, top: number, index: number): SVGElement[] {
  const { caller, stf, state, runtime, tight } = pen.lanes;
  const y = top + 20;
  const height = bodyHeight(row);
  const isRejected = row.result === "rejected";
  const isFailed = row.result === "failed";
  const close = row.label.replaceAll(", ", ",");
  const room = stf - caller - 4;
  const name = pen.mono.fit(room, row.label, pen.mono.width(close, 10.5) <= room ? close : row.short, 10.5);
  const drawn = [
    mark("input", caller, y),
    ...arrow(caller + 6, y, stf - 5, "input"),
    label(middle(caller, stf) - 1, y - 6, name, `c m ${isRejected ? "strike" : "halo"}`),
    isRejected || isFailed ? brokenBar(pen, top + 6, height - 10) : bar(pen, top + 6, height - 10),
  ];
  if (!row.declared)
    drawn.push(
      label(caller + 8, y + 15, pen.sans.fit(stf - caller - 16, "not in the scenario", "undeclared", 10), "q halo"),
    );
  const words = state + 14;
  if (isRejected) {
    const why = pen.mono.fit(runtime - words + 40, row.why, row.why, 10);
    drawn.push(
      ...rejection(pen, top + 40),
      label(words, y + 8, "rejected", "h f-rejected halo"),
      label(words, y + 24, why, "q m halo"),
    );
  }
  if (isFailed) drawn.push(...rejection(pen, top + 40), ...faultWords(pen, row, words, y + 16, runtime - words + 40));
  if (commits(row))
    drawn.push(
      ...commit(pen, y),
      label(middle(stf, state) - 1, y - 6, tight ? "" : "commit", "c s halo"),
      ...drawEmits(pen, row, top, index),
    );
  if (commits(row) && row.fault) drawn.push(mark("storage", stf, y + 18, 0.85));
  return drawn;
}

function drawDeliver(pen: Pen, row: Row, top: number, index: number): SVGElement[] {
  const { stf, state, runtime } = pen.lanes;
  const thread = threadOf(pen.threads, "result", index, "to");
  const y = top + 18;
  const after = commitY(row, top);
  const height = bodyHeight(row);
  const isRejected = row.result === "rejected";
  const isFailed = row.result === "failed";
  const wire = wireX(pen.lanes, row.system < 0 ? 0 : row.system, thread?.slot ?? 0);
  const drawn = [
    path(`M${wire} ${y}H${state + 7}`, "k k-tracked"),
    ...arrow(state - 7, y, stf + 5, "tracked"),
    label(
      middle(state + 8, runtime),
      y - 6,
      pen.sans.fit(runtime - state + 20, row.label, row.short),
      isRejected ? "c strike" : "c halo",
    ),
    isRejected || isFailed ? brokenBar(pen, top + 8, height - 12) : bar(pen, top + 8, height - 12),
  ];
  if (isRejected) drawn.push(...rejection(pen, after), ...leftWords(pen, y, "rejected", "f-rejected", row.why, "m"));
  else if (isFailed)
    drawn.push(...rejection(pen, after), ...faultWords(pen, row, pen.lanes.numbers + 10, y + 3, leftRoom(pen)));
  else if (commits(row)) drawn.push(...commit(pen, after), ...drawEmits(pen, row, top, index));
  if (commits(row) && row.fault) drawn.push(mark("storage", stf, y, 0.85));
  if (row.late >= 0 && !isRejected && !isFailed)
    drawn.push(...leftWords(pen, y, "late result", "", `sent at ${row.late}`, ""));
  return drawn;
}

function drawRecover(pen: Pen, row: Row, top: number, index: number): SVGElement[] {
  const { stf, state } = pen.lanes;
  const y = top + 16;
  const height = bodyHeight(row);
  const done = recovers(row);
  const how = row.result === "down" ? "died" : "failed";
  const word = done ? "restore" : pen.sans.fit(leftRoom(pen) - 20, `restore ${how}`, how);
  const markX = stf - (pen.lanes.narrow ? 18 : 22) - pen.sans.width(word, 11, 600);
  const drawn = [
    done ? bar(pen, top + 10, height - 12, "f-recover") : brokenBar(pen, top + 10, height - 12),
    ...(markX - 7 > pen.lanes.numbers ? [mark("recover", markX, y)] : []),
    label(stf - 10, y + 4, word, `e h ${done ? "f-recover halo" : "f-crash halo2"}`),
    ...arrow(state - 7, y, stf + 5, "recover"),
  ];
  if (!done) {
    const why = row.fault || row.why;
    drawn.push(label(stf - 10, y + 20, pen.sans.fit(leftRoom(pen), why, why, 10), "e q halo2"));
  }
  const first = emitYs(row, top)[0];
  if (first !== undefined)
    drawn.push(path(`M${stf + 4} ${first}H${state + 7}`, "k k-tracked"), ...drawEmits(pen, row, top, index));
  return drawn;
}

function drawDispatch(pen: Pen, row: Row, top: number, index: number): SVGElement[] {
  const { runtime } = pen.lanes;
  const y = top + 21;
  const system = systemX(pen, index);
  const isTracked = row.untracked.length === 0;
  const end = isTracked ? system - 1 : middle(runtime, system) + 16;
  return [
    ...arrow(runtime, y, end, isTracked ? "tracked" : "untracked", !isTracked),
    label(
      runtime + (isTracked ? 16 : 8),
      y - 6,
      pen.sans.fit(Math.max(40, system - runtime - 18), row.label, row.short),
      "halo",
    ),
  ];
}

const LONG_ID = / #.{8}/;

/* An id, or how often, says more than what comes before it, which is cut where both find no room; a long id says less. */
export function fitLastWord(sans: Measure, room_px: number, text: string, short: string, weight = 400): string {
  const fits = (each: string): boolean => sans.width(each, 11, weight) <= room_px;
  if (fits(text)) return text;
  if (/ /.test(short) && fits(short)) return short;
  const [, lead = "", last = ""] = /^(.+)( [#×].+)$/.exec(/ /.test(short) ? short : text) ?? [];
  if (LONG_ID.test(last)) return sans.fit(room_px, text.split(" #")[0]!, undefined, 11, weight);
  const cut = sans.fit(room_px - sans.width(last, 11, weight), lead, undefined, 11, weight);
  return cut.length > 2 ? cut + last : sans.fit(room_px, short, last.trim() || undefined, 11, weight);
}

/* How often is said in any case. */
export function performedText(sans: Measure, row: Row, room_px: number): string {
  if (!/ ×/.test(row.label)) return sans.fit(room_px, row.label, row.short, 11, 600);
  const close = row.label.replace(/ (?=×\d+$)/, "");
  const fits = (text: string): boolean => sans.width(text, 11, 600) <= room_px;
  return !fits(row.label) && fits(close) ? close : fitLastWord(sans, room_px, row.label, row.short, 600);
}

function drawPerform(pen: Pen, row: Row, top: number, index: number): SVGElement[] {
  const { lanes, threads } = pen;
  const y = top + 16;
  const half = pillHalf(lanes, row.system);
  const x = (lanes.systems[row.system] ?? lanes.systems[0]!).x;
  const isBad = row.own === 2;
  const text = performedText(pen.sans, row, half * 2 - 4);
  const drawn: SVGElement[] = [
    rect(x - half, y - 10, half * 2, 20, isBad ? "f-broken" : "pill", { rx: 3 }),
    label(x, y + 4, text, `c h${isBad ? " f-ground" : ""}`),
  ];
  const result = threadOf(threads, "result", index, "from");
  if (result) drawn.push(path(`M${x - half} ${y}H${wireX(lanes, row.system, result.slot)}`, "k k-tracked"));
  return drawn;
}

/* Lost, sent twice or sent again: what somebody injected, so it carries the triangle. */
function drawMischief(pen: Pen, row: Row, top: number, index: number): SVGElement[] {
  const { lanes } = pen;
  const y = top + 16;
  if (row.lane === "") {
    const room = lanes.runtime - lanes.caller - 40;
    return [
      mark("storage", lanes.caller, y, 0.85),
      label(lanes.caller + 12, y + 4, pen.sans.fit(room, row.label, row.short), "h f-storage halo"),
    ];
  }
  const kind = row.lane;
  const thread = threadOf(pen.threads, kind, index, "to") ?? threadOf(pen.threads, kind, index, "from");
  const slot = thread?.slot ?? 0;
  const x = kind === "queue" ? queueX(lanes, slot) : wireX(lanes, 0, slot);
  const start = lanes.state + 20;
  const text = pen.sans.fit(x - start - 26, row.label, row.short, 11, 600);
  const end = start + 12 + pen.sans.width(text, 11, 600);
  const leader = end + 6 < x - 10 ? [path(`M${end + 6} ${y}H${x - 8}`, "k k-storage dash")] : [];
  return [
    ...leader,
    mark("storage", start, y, 0.85),
    label(start + 10, y + 4, text, "h f-storage halo"),
    row.kind === "lose"
      ? mark("crash", x, y, 0.8)
      : row.kind === "delay"
        ? mark("recover", x, y, 0.8)
        : mark("tracked", x, y, 0.9),
  ];
}

function drawDeath(pen: Pen, row: Row, top: number): SVGElement[] {
  const { state, runtime } = pen.lanes;
  const y = tearY(row, top) + 24;
  const why = row.kind === "crash" || diesInside(row) ? row.why : "";
  const died = pen.sans.fit(state - 16 - pen.lanes.hatchLeft, "process died", "died", 13, 600);
  const room = Math.min(...pen.lanes.systems.map((system) => system.x)) - 58 - state;
  return [
    label(state - 16, y, died, "e h f-crash big halo2"),
    label(state + 15, y + 4, pen.sans.fit(runtime + 44 - state, "state survives", "survives", 11, 600), "h f-commit halo2"),
    ...(why ? [label(state + 15, y + 18, pen.sans.fit(room, why, why, 10), "q halo2")] : []),
  ];
}

type Draw = (pen: Pen, row: Row, top: number, index: number) => SVGElement[];

const DRAWN: Record<Row["kind"], Draw> = {
  start: (pen, row, top) => [label(pen.lanes.caller + 10, top + 16, row.label || "start", "q")],
  fire: drawFire,
  deliver: drawDeliver,
  recover: drawRecover,
  dispatch: drawDispatch,
  perform: drawPerform,
  lose: drawMischief,
  duplicate: drawMischief,
  delay: drawMischief,
  crash: () => [],
};

export function drawRow(pen: Pen, row: Row, index: number, top: number): SVGElement[] {
  return [...DRAWN[row.kind](pen, row, top, index), ...(dies(row) ? drawDeath(pen, row, top) : [])];
}
