/* The crash ruler: the life of one transition from left to right, with the places where the process may die in it. */

import { h } from "./dom";
import { icon } from "./marks";
import type { Measure } from "./measure";
import type { Ruler } from "./protocol";

export type DrawChip = (place: number) => HTMLElement;

const LINE_PX = 176;
const GAP_PX = 1;

const placeWidth = (place: Ruler["places"][number]): number => (place.chip ? 24 : 14);

/* A caption stands in the middle of its places and does not stick out at the ends; where two would meet, the second goes one line down. */
function captions(ruler: Ruler, sans: Measure): HTMLElement[] {
  const edges = [0];
  for (const place of ruler.places) edges.push(edges.at(-1)! + placeWidth(place) + GAP_PX);
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

/* Where each line begins: a long ruler goes on in the next one. A mark stays with the place after it, and what has one caption together. */
function lineStarts({ places, words }: Ruler): number[] {
  const widthOf = (from: number, to: number): number =>
    places.slice(from, to).reduce((sum, place) => sum + placeWidth(place) + GAP_PX, 0);
  const together = words.filter(({ first, last }) => widthOf(first, last + 1) <= LINE_PX);
  const starts = [0];
  let [x, first] = [0, 0];
  places.forEach(({ chip }, index) => {
    if (!chip || together.some((word) => word.first <= index && index < word.last)) return;
    const width = widthOf(first, index + 1);
    if (first > 0 && x + width > LINE_PX) {
      starts.push(first);
      x = 0;
    }
    x += width;
    first = index + 1;
  });
  return starts;
}

/* A caption stands in each line that its places go on in. */
const partOf = (ruler: Ruler, from: number, to: number): Ruler => ({
  ...ruler,
  places: ruler.places.slice(from, to),
  words: ruler.words.flatMap(({ text, first, last }) =>
    last >= from && first < to
      ? { text, first: Math.max(first, from) - from, last: Math.min(last, to - 1) - from }
      : [],
  ),
});

export function drawRuler(ruler: Ruler, sans: Measure, drawChip: DrawChip): HTMLElement {
  const lines = lineStarts(ruler).map((from, index, starts) => {
    const part = partOf(ruler, from, starts[index + 1] ?? ruler.places.length);
    const places = part.places.map((place, at) => (place.chip ? drawChip(from + at) : icon(place.mark, 12)));
    const columns = part.places.map((place) => `${placeWidth(place)}px`).join(" ");
    return h("div.ruler", { style: `grid-template-columns:${columns}` }, ...places, ...captions(part, sans));
  });
  return h("div.rulerbox", { role: "group", "aria-label": `Crash in ${ruler.title}` }, ...lines);
}
