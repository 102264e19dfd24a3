/* The crash ruler: the life of one transition from left to right, with the places where the process may die in it. */

import { h } from "./dom";
import { icon } from "./marks";
import type { Ruler } from "./protocol";

export type DrawChip = (place: number) => HTMLElement;

const LEGIBLE_PLACES = 9;

export function rulerColumns(ruler: Ruler): string {
  return ruler.places.map((place) => (place.chip ? "24px" : "14px")).join(" ");
}

const LETTER_PX = 5.2;

/* A caption stands in the middle of its places; at the ends it may not stick out. */
function caption(word: Ruler["words"][number], ruler: Ruler): HTMLElement {
  const spanned = ruler.places.slice(word.first, word.last + 1).reduce((sum, place) => sum + (place.chip ? 24 : 14) + 1, 0);
  const isWide = word.text.length * LETTER_PX > spanned;
  const side = word.last >= ruler.places.length - 1 ? "end" : isWide && word.first <= 0 ? "start" : "center";
  return h("span.w", { style: `grid-column:${word.first + 1}/${word.last + 2};justify-self:${side}` }, word.text);
}

export function drawRuler(ruler: Ruler, drawChip: DrawChip): HTMLElement {
  const places = ruler.places.map((place, index) => (place.chip ? drawChip(index) : icon(place.mark, 12)));
  const line = h("div.ruler", { style: `grid-template-columns:${rulerColumns(ruler)}` }, ...places);
  line.append(...ruler.words.map((word) => caption(word, ruler)));
  const isLong = ruler.places.filter((place) => place.chip).length > LEGIBLE_PLACES || ruler.places.length > LEGIBLE_PLACES;
  return h("div.rulerbox", { role: "group", "aria-label": `Crash in ${ruler.title}`, tabindex: isLong ? 0 : null }, line);
}
