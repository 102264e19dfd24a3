/* What lives longer than one row: rails, the pillar of the state, the torn edge with its hatch, threads on the wire, brackets. */

import { label, path, rect, s } from "./dom";
import { HEAD_GAP_PX, HEAD_PX, type Lanes, dies, keepX, pillHalf, queueX, recovers, wireX } from "./lanes_layout";
import { callY, commitY, emitYs, tearY } from "./lanes_rows";
import { cross, zigzag } from "./marks";
import type { Measure } from "./measure";
import type { Row, Thread } from "./protocol";

/* A row that is drawn, with its place; rows outside the window or inside a bead have a place but no row. */
export interface Placed {
  index: number;
  row: Row | undefined;
  top: number;
  height: number;
}

/* What is in view: a row, or a bead of rows up to `last`. */
export interface Entry extends Placed {
  last: number;
  step: number | undefined;
}

export interface Scene {
  lanes: Lanes;
  sans: Measure;
  placed: Entry[]; /* from above */
  threads: Thread[];
  place(index: number): Placed;
  top: number;
  bottom: number;
  upAtTop: boolean;
}

interface Span {
  from: number;
  to: number;
}

/* The stretches in which the process is down. */
export function downSpans(scene: Scene): Span[] {
  const spans: Span[] = [];
  let from: number | null = scene.upAtTop ? null : scene.top - 20;
  for (const { row, top } of scene.placed) {
    if (row && recovers(row) && from !== null) {
      spans.push({ from, to: top + 14 });
      from = null;
    }
    if (row && dies(row) && from === null) from = tearY(row, top);
  }
  if (from !== null) spans.push({ from, to: scene.bottom });
  return spans;
}

export function drawRails(scene: Scene, spans: Span[]): SVGElement[] {
  const { lanes, top, bottom } = scene;
  const outside = [lanes.caller, ...lanes.systems.map((system) => system.x)];
  const drawn = outside.map((x) => path(`M${x} ${top}V${bottom}`, "k k-rail"));
  let from = top;
  for (const span of [...spans, { from: bottom, to: bottom }]) {
    if (span.from > from)
      for (const x of [lanes.stf, lanes.runtime]) drawn.push(path(`M${x} ${from}V${span.from}`, "k k-rail"));
    from = span.to;
  }
  drawn.push(rect(lanes.state - 7, top, 14, bottom - top, "pillar"));
  return drawn;
}

function hatch(left: number, right: number, from: number, to: number): string {
  let d = "";
  const height = to - from;
  const start = left - height - ((left - height - from) % 8); /* the same stripes wherever the window begins */
  for (let x = start; x < right; x += 8) {
    const x1 = Math.max(x, left);
    const y1 = from + (x1 - x);
    const x2 = Math.min(x + height, right);
    if (y1 < to && x2 > x1) d += `M${x1} ${y1}L${x2} ${from + (x2 - x)}`;
  }
  return d;
}

export function drawDead(scene: Scene, spans: Span[]): SVGElement[] {
  const { hatchLeft: left, hatchRight: right } = scene.lanes;
  return spans.flatMap(({ from, to }) => [
    rect(left, from, right - left, to - from, "dead"),
    path(hatch(left, right, from, to), "hatch"),
  ]);
}

const PILLAR_ROOM_PX = 20;

/* An id that is too wide for the pillar runs down along it; where that is too short as well, ids are counted. */
function heldAlong(scene: Scene, ids: string[], y: number, room_px: number): SVGElement {
  const many = ids.length;
  const [long, short] = many === 1 ? [ids[0]!, "1 id kept"] : [`${many} ids kept`, `${many} ids`];
  const words = scene.sans.fit(room_px, long, short, 10, 600);
  const x = scene.lanes.state - 3.5;
  return s("text", { x, y, transform: `rotate(90 ${x} ${y})`, class: "h f-ground holds" }, words);
}

function heldIds(scene: Scene, row: Row, y: number, room_px: number): SVGElement[] {
  const ids = row.holds.split("\n").filter(Boolean);
  const lines = Math.max(1, Math.floor(room_px / 11));
  const kept = Math.max(1, lines - 1);
  if (ids.some((id) => scene.sans.width(id, 10, 600) > PILLAR_ROOM_PX)) return [heldAlong(scene, ids, y - 26, room_px + 16)];
  const shown = ids.length > lines ? [...ids.slice(0, kept), `+${ids.length - kept}`] : ids;
  return shown.map((id, order) => label(scene.lanes.state, y + 11 * order, id, "c h f-ground holds"));
}

/* The state goes through the torn edge as one solid pillar: it survived. */
export function drawSolid(scene: Scene, spans: Span[]): SVGElement[] {
  const { lanes } = scene;
  return spans.flatMap(({ from, to }) => {
    const dead = scene.placed.find(({ row, top }) => row && dies(row) && tearY(row, top) === from);
    const drawn: SVGElement[] = [rect(lanes.state - 9, from - 6, 18, to - from + 6, "f-commit", { rx: 1 })];
    if (dead?.row) {
      drawn.push(path(zigzag(lanes.hatchLeft, lanes.state - 11, from), "k k-crash cut"));
      drawn.push(path(zigzag(lanes.state + 11, lanes.hatchRight, from), "k k-crash cut"));
      drawn.push(...heldIds(scene, dead.row, from + 24, to - from - 14));
    }
    return drawn;
  });
}

const orderAmong = (scene: Scene, thread: Thread): number =>
  scene.threads
    .filter(({ kind, from, tracked }) => kind === thread.kind && from === thread.from && tracked === thread.tracked)
    .sort((a, b) => a.slot - b.slot)
    .indexOf(thread);

function startY(scene: Scene, thread: Thread): number {
  const { row, top, height } = scene.place(thread.from);
  if (!row) return top + height / 2;
  if (thread.kind === "keep") return commitY(row, top);
  if (thread.kind === "request" && row.kind === "dispatch") return top + 21;
  const ys = emitYs(row, top);
  if (thread.kind === "request" && ys.length)
    return ys[Math.min(ys.length - 1, Math.max(0, orderAmong(scene, thread)))]!;
  if (thread.kind !== "queue") return top + 16;
  const order = Math.max(0, orderAmong(scene, thread));
  const tracked = row.emits.length;
  return ys[Math.min(thread.tracked ? order : tracked + order, ys.length - 1)] ?? top + 16;
}

function endY(scene: Scene, thread: Thread): number {
  if (thread.to < 0) return scene.bottom + 20;
  const { row, top, height } = scene.place(thread.to);
  if (!row) return top + height / 2;
  if (dies(row) && thread.end === "lost") return tearY(row, top);
  if (thread.kind === "keep") return commitY(row, top);
  if (row.kind === "dispatch") return top + 21;
  if (row.kind === "perform") return thread.kind === "request" ? top + 6 : top + 16;
  return row.kind === "deliver" ? callY(row, top) : top + 16;
}

/* One row to the next needs no thread: the arrows meet on the lane. */
const isLong = (thread: Thread): boolean => thread.end !== "used" || thread.to - thread.from > 1;

/* Only threads that are drawn need a track of their own. */
function queueTrack(scene: Scene, thread: Thread): number {
  const end = thread.to < 0 ? Infinity : thread.to;
  return scene.threads.filter(
    (other) =>
      other.kind === "queue" &&
      isLong(other) &&
      other.slot < thread.slot &&
      other.from < end &&
      (other.to < 0 || other.to > thread.from),
  ).length;
}

function threadX(scene: Scene, thread: Thread): number {
  if (thread.kind === "queue") return queueX(scene.lanes, queueTrack(scene, thread));
  const performer = scene.place(thread.kind === "request" ? thread.to : thread.from).row;
  const system = performer?.kind === "perform" ? performer.system : 0;
  if (thread.kind === "result") return wireX(scene.lanes, system, thread.slot);
  const place = scene.lanes.systems[system] ?? scene.lanes.systems[0]!;
  return place.x - Math.min(pillHalf(scene.lanes, system) - 4, 10 + 7 * thread.slot);
}

const clamp = (scene: Scene, y: number): number => Math.max(scene.top - 20, Math.min(scene.bottom + 20, y));

const inView = (scene: Scene, from: number, to: number): boolean => to >= scene.top && from <= scene.bottom;

export function drawKeeps(scene: Scene): SVGElement[] {
  const lines = scene.threads
    .filter((thread) => thread.kind === "keep")
    .flatMap((thread) => {
      const from = startY(scene, thread);
      const to = endY(scene, thread);
      return inView(scene, from, to)
        ? [`M${keepX(scene.lanes, thread.slot)} ${clamp(scene, from)}V${clamp(scene, to)}`]
        : [];
    });
  return [...new Set(lines)].map((d) => path(d, "keep"));
}

export function drawThreads(scene: Scene): SVGElement[] {
  const drawn = new Map<string, SVGElement>();
  for (const thread of scene.threads) {
    if (thread.kind === "keep" || (thread.kind !== "result" && !isLong(thread))) continue;
    const from = startY(scene, thread);
    const to = endY(scene, thread);
    if (!inView(scene, from, to)) continue;
    const x = threadX(scene, thread);
    const lead =
      thread.kind === "queue" && from >= scene.top
        ? `M${scene.lanes.runtime} ${from}H${x}`
        : `M${x} ${clamp(scene, from)}`;
    const colour = thread.tracked || thread.kind !== "queue" ? "tracked" : "untracked";
    const d = `${lead}V${clamp(scene, to)}`;
    drawn.set(d, path(d, `k k-${colour} thread`));
  }
  return [...drawn.values()];
}

/* What dies ends in a cross at the torn edge. One word for all that died beside it. */
export function drawLost(scene: Scene): SVGElement[] {
  const drawn: SVGElement[] = [];
  const worded = new Map<string, number>();
  for (const thread of scene.threads) {
    const place = scene.place(thread.to);
    if (thread.end !== "lost" || !place.row || thread.kind === "keep" || !dies(place.row)) continue;
    const x = threadX(scene, thread);
    const y = tearY(place.row, place.top) + 12;
    drawn.push(cross(x, y));
    const group = `${thread.to} ${thread.kind === "queue"}`;
    worded.set(group, Math.max(worded.get(group) ?? 0, x));
    if (thread.kind !== "queue") drawn.push(label(x + 8, y + 4, "lost", "q f-crash halo h"));
  }
  for (const [group, x] of worded) {
    const place = scene.place(Number(group.split(" ")[0]));
    if (place.row && group.endsWith("true"))
      drawn.push(label(x + 8, tearY(place.row, place.top) + 16, "lost", "q f-crash halo2 h"));
  }
  return drawn;
}

/* The same thing done twice: the second is joined to the first. */
export function drawBrackets(scene: Scene): SVGElement[] {
  return scene.placed.flatMap(({ row, top }) => {
    if (row?.kind !== "perform" || row.twin < 0) return [];
    const twin = scene.place(row.twin);
    const first = twin.row ? twin.top + 16 : twin.top + twin.height / 2;
    const x = (scene.lanes.systems[row.system] ?? scene.lanes.systems[0]!).x + pillHalf(scene.lanes, row.system);
    const lead = first >= scene.top ? `M${x} ${first}H${x + 5}` : `M${x + 5} ${clamp(scene, first)}`;
    return [path(`${lead}V${top + 16}H${x}`, `k w-2 ${row.own >= 2 ? "k-broken" : "k-transition"}`)];
  });
}

export const HEAD_NAMES = { caller: "outside", stf: "memory", state: "durable", runtime: "memory" } as const;

export const CHECKED = { own: "own: your properties", rules: "rules: what PHASM asks of every machine" } as const;

const checksCentre = (lanes: Lanes): number => lanes.checks.reduce((sum, { x }) => sum + x, 0) / lanes.checks.length;

/* How wide the name of each outside system may be, so that it touches neither the word before it nor the one after. */
function headRooms(lanes: Lanes, sans: Measure): number[] {
  const half = (word: string): number => sans.width(word, 11, 600) / 2;
  const end = lanes.checks.length ? checksCentre(lanes) - half("checks") : lanes.width;
  return lanes.systems.map(({ x }, index) => {
    const [before, after] = [lanes.systems[index - 1], lanes.systems[index + 1]];
    const left = before ? (before.x + x) / 2 : lanes.runtime + half("runtime");
    const right = after ? (x + after.x) / 2 : end;
    return 2 * Math.max(0, Math.min(x - left, right - x) - HEAD_GAP_PX);
  });
}

export function drawHead(lanes: Lanes, systems: string[], sans: Measure): SVGElement[] {
  const isCrowded = lanes.state - lanes.stf < 48;
  const fixed = (["caller", "stf", "state", "runtime"] as const).flatMap((name) => [
    label(lanes[name], 15, name, "c h"),
    ...(isCrowded && name === "stf" ? [] : [label(lanes[name], 28, HEAD_NAMES[name], "c q")]),
  ]);
  const names = systems.length ? systems : ["environment"];
  const rooms = headRooms(lanes, sans);
  const outside = lanes.systems.flatMap(({ x, open }, index) => [
    label(
      x,
      15,
      open ? sans.fit(rooms[index]!, names[index]!, undefined, 11, 600) : String(index + 1),
      "c h",
    ),
    ...(open ? [label(x, 28, "outside", "c q")] : []),
  ]);
  const checks: SVGElement[] = lanes.checks.map(({ x, of }) => label(x, 28, of, "c q"));
  const hints = lanes.checks.map(({ x, of }) => {
    const hint = rect(x - 12, 0, 24, HEAD_PX, "hit");
    hint.append(s("title", CHECKED[of]));
    return hint;
  });
  if (checks.length) checks.push(label(checksCentre(lanes), 15, "checks", "c h"));
  return [
    rect(0, 0, lanes.width, HEAD_PX, "f-ground"),
    ...fixed,
    ...outside,
    ...checks,
    ...hints,
    path(`M0 ${HEAD_PX - 0.5}H${lanes.width}`, "k k-hair"),
  ];
}
