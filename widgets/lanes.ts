/* A window of the lanes timeline as one SVG: every row in it is an option of the list, what crosses rows lies below or above them. */

import { label, plain, rect, s } from "./dom";
import { GHOST_PX, type Lanes } from "./lanes_layout";
import { type Pen, drawRow } from "./lanes_rows";
import {
  type Entry,
  type Scene,
  downSpans,
  drawBrackets,
  drawDead,
  drawKeeps,
  drawLost,
  drawRails,
  drawSolid,
  drawThreads,
} from "./lanes_threads";
import { mark } from "./marks";
import type { Measure } from "./measure";
import type { Row } from "./protocol";

export interface Window {
  scene: Scene;
  pen: Pen;
  rowCount: number;
  selectedIndex: number;
  freshIndex: number; /* the row that has just come, or -1 */
  uid: string;
}

const NUMBER_Y: Partial<Record<Row["kind"], number>> = { start: 16, dispatch: 24, perform: 20, crash: 30 };

function drawNumber(view: Window, { index, row, top, height, step }: Entry): SVGElement[] {
  if (step === undefined) return [];
  const { lanes } = view.pen;
  const isSelected = index === view.selectedIndex;
  const isLater = view.selectedIndex >= 0 && index > view.selectedIndex;
  const isNewest = index === view.rowCount - 1 && !isSelected && view.selectedIndex >= 0;
  const lift = isNewest && height < 40 ? 4 : 0;
  const y = top + (NUMBER_Y[row?.kind ?? "lose"] ?? 22) - lift;
  const drawn = [label(lanes.numbers, y, step, `e no${isLater ? " later" : ""}${isSelected ? " h" : ""}`)];
  if (isNewest && !lanes.tight && height >= 28)
    drawn.push(label(38 + Math.max(0, lanes.numbers - 25), y + 12, "newest", "e q"));
  return drawn;
}

function drawChecks(lanes: Lanes, row: Row, top: number, height: number): SVGElement[] {
  const y = top + height / 2;
  return lanes.checks.flatMap(({ x, of }) => {
    const state = row[of];
    if (!state) return [];
    const drawn = mark(state === 1 ? "ok" : "broken", x, y, [0, 0.7, 1, 0.85][state]);
    return state === 2 ? [drawn, s("circle", { cx: x, cy: y, r: 9.5, class: "k k-broken" })] : [drawn];
  });
}

/* The ground of a row is the option, named by its sentence; what is drawn on it is for the eye alone. */
function optionOf(view: Window, index: number, name: string, top: number, height: number): SVGRectElement {
  return rect(0, top, view.pen.lanes.width, height, "hit", {
    role: "option",
    id: `${view.uid}-row-${index}`,
    "aria-label": name,
    "aria-selected": String(index === view.selectedIndex),
    "aria-posinset": index + 1,
    "aria-setsize": view.rowCount,
  });
}

function drawOption(view: Window, entry: Entry): SVGGElement {
  const { index, row, top, height, step } = entry;
  const isSelected = index === view.selectedIndex;
  const className = `row${isSelected ? " sel" : ""}${index === view.freshIndex ? " fresh" : ""}`;
  const group = s("g", { class: className, "data-do": "row", "data-index": index });
  const ink = s("g", { "aria-hidden": "true" });
  group.append(optionOf(view, index, row?.say || `Step ${step ?? index}`, top, height), ink);
  ink.append(...drawNumber(view, entry));
  if (row) {
    ink.append(...drawRow(view.pen, row, index, top), ...drawChecks(view.pen.lanes, row, top, height));
    const again = row.emits.filter((emit) => emit.again >= 0).map((emit) => emit.again);
    group.setAttribute("data-step", String(row.step));
    if (again.length) group.setAttribute("data-again", again.join(" "));
    group.append(s("title", plain(row.say)));
  } else {
    ink.append(label(view.pen.lanes.caller + 10, top + 20, "…", "q"));
  }
  return group;
}

export function foldWords(first: number, last: number): string {
  return `${(last - first + 1).toLocaleString("en-US")} quiet steps`;
}

function drawFold(view: Window, { index: first, last, top }: Entry): SVGGElement {
  const { caller, systems } = view.pen.lanes;
  const right = systems.reduce((most, system) => Math.max(most, system.x), 0) + 36;
  const words = foldWords(first, last);
  const group = s("g.bead", { "data-do": "unfold", "data-first": first, "data-last": last });
  const option = { rx: 9, role: "option", "aria-selected": "false", "aria-label": `${words}, folded. Open them.` };
  group.append(
    rect(caller - 26, top + 3, right - caller + 26, 18, "fold", option),
    s("g", { "aria-hidden": "true" }, label((caller + right - 36) / 2, top + 16, words, "c s")),
  );
  return group;
}

/* What was asked and has not happened yet. */
export function drawGhost(text: string, lanes: Lanes, sans: Measure): SVGSVGElement {
  const words = sans.fit(lanes.width - lanes.caller - 60, `${text} …`);
  return s(
    "svg.lanes.ghost",
    { width: lanes.width, height: GHOST_PX, role: "presentation" },
    mark("unreached", lanes.caller, 16),
    label(lanes.caller + 14, 20, words, "s"),
  );
}

function drawTint(view: Window): SVGElement[] {
  const entry = view.scene.placed.find(({ index }) => index === view.selectedIndex);
  if (!entry) return [];
  const { top, height } = entry;
  return [rect(0, top, view.pen.lanes.width, height, "tint"), rect(0, top, 3, height, "f-ink")];
}

export function drawLanes(view: Window): SVGSVGElement {
  const { scene } = view;
  const { width } = view.pen.lanes;
  const height = scene.bottom - scene.top;
  const spans = downSpans(scene);
  const svg = s("svg.lanes", { width, height, viewBox: `0 ${scene.top} ${width} ${height}`, role: "presentation" });
  svg.append(
    ...drawTint(view),
    ...drawDead(scene, spans),
    ...drawRails(scene, spans),
    ...drawThreads(scene),
    ...drawKeeps(scene),
  );
  svg.append(...scene.placed.map((entry) => (entry.last > entry.index ? drawFold(view, entry) : drawOption(view, entry))));
  svg.append(...drawSolid(scene, spans), ...drawLost(scene), ...drawBrackets(scene));
  return svg;
}
