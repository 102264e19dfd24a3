/* Where the lanes stand and how high each row is. Everything is in px, heights are multiples of 4. */

import { type Item, isFold } from "./fold";
import type { Measure } from "./measure";
import type { Row, Thread, Timeline } from "./protocol";

export const HEAD_PX = 36;
export const FOLD_PX = 24;
export const GHOST_PX = 32;
const STUB_PX = 20;
const LEAST_PX = 288;
const ROOMY_PX = 380; /* in less the words are the short ones */
const USUAL_COLUMN_PX = 464;
export const HEAD_GAP_PX = 6;
const MOST_ARROWS = 5; /* a row with more says how many more */

/* Who says that a step is right: the user's properties, the rules of PHASM. */
export type Judged = "own" | "rules";

export interface Lanes {
  width: number;
  caller: number;
  stf: number;
  state: number;
  runtime: number;
  systems: { x: number; open: boolean }[];
  numbers: number; /* right edge of the step numbers */
  checks: { x: number; of: Judged }[]; /* one for each column of marks */
  pillHalf: number;
  narrow: boolean;
  tight: boolean;
  hatchLeft: number;
  hatchRight: number;
}

/* More than two outside systems: the selected step's and the last-used lane stay open, others fold to a numbered stub. */
export function openSystems(names: string[], rows: Row[], selected: Row | undefined): Set<number> {
  if (names.length <= 2) return new Set(names.map((_, index) => index));
  const performed = rows.filter((row) => row.kind === "perform").map((row) => row.system);
  const wanted = selected?.kind === "perform" ? [selected.system, ...performed.reverse()] : performed.reverse();
  return new Set([...wanted, 0, 1].filter((index, at, all) => all.indexOf(index) === at).slice(0, 2));
}

/* Narrower than this, words of one lane would run into those of the next: the lanes then scroll sideways. */
export const leastWidth = (systemCount: number, openCount: number): number =>
  Math.min(
    USUAL_COLUMN_PX,
    LEAST_PX + 60 * Math.max(0, openCount - 1) + STUB_PX * Math.max(0, systemCount - openCount),
  );

/* Half the width of what was performed: two open systems share the room of one. */
const pillHalfFor = (openCount: number, width: number): number => (openCount > 1 || width < ROOMY_PX ? 30 : 38);

function placeSystems(names: string[], open: Set<number>, right: number, half: number): Lanes["systems"] {
  let x = right;
  const placed = names
    .map((_, index) => index)
    .reverse()
    .map((index) => {
      const isOpen = open.has(index);
      const at = isOpen ? x - half : x - STUB_PX / 2;
      x -= isOpen ? half * 2 + 8 : STUB_PX;
      return { x: at, open: isOpen };
    });
  return placed.reverse();
}

export function placeLanes(
  width: number,
  timeline: Timeline,
  open: Set<number>,
  measure: Measure,
  judged: Judged[],
): Lanes {
  const digits = Math.max(2, String(timeline.row_count - 1).length, String(timeline.branch).length) - 2;
  const checkColumns = judged.length;
  const narrow = width < ROOMY_PX;
  const slim = width < 440 && checkColumns > 0;
  const caller = (narrow ? 30 : slim ? 40 : 50) + digits * 7;
  const column_px = narrow ? 24 : 26;
  const checksWidth = checkColumns === 0 ? 8 : narrow ? 8 + column_px * checkColumns : 46 + 12 * checkColumns;
  const half = pillHalfFor(open.size, width);
  const names = timeline.systems.length ? timeline.systems : ["environment"];
  const systems = placeSystems(names, open.size ? open : new Set([0]), width - checksWidth + 2, half);
  const first = systems.reduce((least, system) => Math.min(least, system.x), Infinity);
  const between = (share: number): number => Math.round(caller + share * (first - caller));
  const stf = between(0.265);
  const state = between(0.45);
  const runtime = between(0.73);
  const died = measure.width("process died", 13, 600);
  return {
    width,
    caller,
    stf,
    state,
    runtime,
    systems,
    numbers: caller - (narrow ? 12 : slim ? 18 : 25),
    checks: judged.map((of, column) => ({
      x: width - (checkColumns === 1 ? (narrow ? 20 : 26) : narrow ? 14 : 16) - column_px * (checkColumns - 1 - column),
      of,
    })),
    pillHalf: half,
    narrow,
    tight: first - caller < 300,
    hatchLeft: Math.round(Math.max(narrow ? caller - 10 : 0, Math.min(stf - 46, state - 24 - died))),
    hatchRight: runtime + 34,
  };
}

export interface Arrows {
  tracked: Row["emits"];
  untracked: string[];
  more: number;
}

export function arrowsOf(row: Row): Arrows {
  const tracked = row.emits.slice(0, MOST_ARROWS);
  const untracked = row.untracked.slice(0, MOST_ARROWS - tracked.length);
  return { tracked, untracked, more: row.emits.length + row.untracked.length - tracked.length - untracked.length };
}

/* Whether it was durable: also where the process died after it, while its actions were handed over. */
export function commits(row: Row): boolean {
  if (row.result === "down")
    return row.emits.length + row.untracked.length > 0 || /^(after commit|restore returned)/.test(row.why);
  return row.result !== "rejected" && row.result !== "failed";
}

/* A crash inside a transition is drawn below what the transition did before it died. Where restore dies the process was down already. */
export const dies = (row: Row): boolean =>
  row.kind === "crash" || (row.kind !== "recover" && (row.result === "down" || row.result === "unknown"));

export const diesInside = (row: Row): boolean => dies(row) && row.kind !== "crash";

export const recovers = (row: Row): boolean =>
  row.kind === "recover" && (row.result === "" || row.result === "committed");

const DOWN = /[xXr]/;
const UP = /[RfFdDvVb]/;

/* Whether the process is up before this row. Where restore failed it is still down; the row, once it is here, says so more exactly than its letter. */
export function isUpBefore(index: number, outline: string, rowAt: (index: number) => Row | undefined): boolean {
  for (let at = index - 1; at >= 0; at--) {
    const row = rowAt(at);
    if (row?.kind === "recover") return recovers(row);
    if (DOWN.test(outline[at]!)) return false;
    if (UP.test(outline[at]!)) return true;
  }
  return true;
}

/* From each arrow to the next: what is emitted again has a second line of words. */
export function emitSteps(row: Row): number[] {
  const { tracked, untracked } = arrowsOf(row);
  return [
    ...tracked.map((each) => (row.kind !== "recover" ? 20 : each.again >= 0 ? 32 : 24)),
    ...untracked.map(() => 20),
  ];
}

const arrowCount = (row: Row): number => {
  const { tracked, untracked, more } = arrowsOf(row);
  return tracked.length + untracked.length + (more > 0 ? 1 : 0);
};

/* What the transition itself takes; a crash inside it is drawn below. */
export function bodyHeight(row: Row): number {
  const arrows = arrowCount(row);
  if (row.kind === "fire") return commits(row) || row.result === "down" ? Math.max(36, 12 + 20 * arrows) : 52;
  if (row.kind === "deliver") return arrows === 0 || !commits(row) ? 44 : 52 + 20 * (arrows - 1);
  if (row.kind !== "recover") return 32;
  if (arrows === 0) return recovers(row) ? 32 : 44;
  return (
    52 +
    emitSteps(row)
      .slice(0, -1)
      .reduce((sum, height) => sum + height, 0) +
    (arrowsOf(row).more > 0 ? 12 : 0)
  );
}

const CRASH_PX = 48;

export function heightOf(row: Row): number {
  if (row.kind === "start") return 24;
  const before = row.kind === "crash" ? 0 : bodyHeight(row);
  if (!dies(row)) return before;
  return before + CRASH_PX + (row.why !== "" ? 12 : 0);
}

/* Before a row has arrived: the height of the commonest row of its kind. */
const USUAL_PX: Record<string, number> = { s: 24, f: 52, d: 32, p: 32, v: 44, x: 48, r: 52, l: 32, u: 32, e: 32 };

export const usualHeight = (letter: string): number => USUAL_PX[letter.toLowerCase()] ?? 32;

/* tops[i] is where item i begins; the last entry is where the last one ends. */
export function stack(items: Item[], heightOfRow: (index: number) => number): number[] {
  const tops = [0];
  let y = 0;
  for (const item of items) {
    y += isFold(item) ? FOLD_PX : heightOfRow(item.first);
    tops.push(y);
  }
  return tops;
}

/* The last item that begins at or above y. */
export function itemAt(tops: number[], y: number): number {
  let low = 0;
  let high = Math.max(0, tops.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (tops[middle]! <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function wireX(lanes: Lanes, system: number, slot: number): number {
  const place = lanes.systems[system] ?? lanes.systems[0]!;
  return place.x - (place.open ? lanes.pillHalf : STUB_PX / 2) - 8 - 10 * Math.min(slot, 3);
}

export const pillHalf = (lanes: Lanes, system: number): number =>
  lanes.systems[system]?.open === false ? STUB_PX / 2 - 1 : lanes.pillHalf;

export const queueX = (lanes: Lanes, slot: number): number => lanes.runtime + 8 + 6 * Math.min(slot, 3);

export const keepX = (lanes: Lanes, slot: number): number => lanes.state + [0, -4, 4][slot % 3]!;

export const threadOf = (
  threads: Thread[],
  kind: Thread["kind"],
  index: number,
  end: "from" | "to",
): Thread | undefined => threads.find((thread) => thread.kind === kind && thread[end] === index);
