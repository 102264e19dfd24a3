/* The crash ruler: the life of one transition from left to right, with the places where the process may die in it. */

import { h } from "./dom";
import { icon } from "./marks";
import type { Measure } from "./measure";
import type { Ruler } from "./protocol";

export type DrawChip = (place: number) => HTMLElement;

const LEGIBLE_PLACES = 9;
const GAP_PX = 1;

const widthOf = (place: Ruler["places"][number]): number => (place.chip ? 24 : 14);

/* A caption stands in the middle of its places and does not stick out at the ends; where two would meet, the second goes one line down. */
function captions(ruler: Ruler, sans: Measure): HTMLElement[] {
  const edges = [0];
  for (const place of ruler.places) edges.push(edges.at(-1)! + widthOf(place) + GAP_PX);
  const full = edges.at(-1)!;
  const ends = [-4, -4];
  return ruler.words.map(({ text, first, last }) => {
    const width = sans.width(text, 10);
    const centred = ((edges[first] ?? 0) + (edges[last + 1] ?? full) - width) / 2;
    const start = Math.max(0, Math.min(full - width, centred));
    const line = start >= ends[0]! + 4 ? 0 : 1;
    ends[line] = start + width;
    const side = last >= ruler.places.length - 1 ? "end" : centred < 0 ? "start" : "center";
    return h("span.w", { style: `grid-area:${line + 2}/${first + 1}/auto/${last + 2};justify-self:${side}` }, text);
  });
}

export function drawRuler(ruler: Ruler, sans: Measure, drawChip: DrawChip): HTMLElement {
  const places = ruler.places.map((place, index) => (place.chip ? drawChip(index) : icon(place.mark, 12)));
  const columns = ruler.places.map((place) => `${widthOf(place)}px`).join(" ");
  const line = h("div.ruler", { style: `grid-template-columns:${columns}` }, ...places, ...captions(ruler, sans));
  const isLong = ruler.places.length > LEGIBLE_PLACES;
  return h(
    "div.rulerbox",
    { role: "group", "aria-label": `Crash in ${ruler.title}`, tabindex: isLong ? 0 : null },
    line,
  );
}
