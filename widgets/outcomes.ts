/* The outcome classes of a crash matrix: each has a letter and a shape, colour is the third cue. */

import { path, rect, s } from "./dom";

const CIRCLE_ARROW = "M4.2 2.4A4.8 4.8 0 1 1 4.2 -2.4";
const OCTAGON = "M-2.57 -6.2H2.57L6.2 -2.57V2.57L2.57 6.2H-2.57L-6.2 2.57V-2.57Z";

const SHAPES: Record<string, () => SVGElement[]> = {
  S: () => [s("circle", { r: 4.8, class: "f-ok" })],
  A: () => [s("circle", { r: 4.4, class: "k k-input" }), path("M0 -4.4A4.4 4.4 0 0 0 0 4.4Z", "f-input")],
  F: () => [path("M0 -6.6L6.6 0L0 6.6L-6.6 0Z", "k k-broken"), path("M0 -3V1M0 2.4V3.6", "k k-broken w-18")],
  T: () => [rect(-5, -5, 10, 10, "k k-storage", { rx: 1 }), path("M-1.8 -2.6V2.6M1.8 -2.6V2.6", "k k-storage")],
  L: () => [rect(-5, -5, 10, 10, "k k-crash", { "stroke-dasharray": "2.2 1.8" }), path("M-2.5 0H2.5", "k k-crash")],
  B: () => [path(OCTAGON, "f-broken"), path("M-2.5 -2.5L2.5 2.5M2.5 -2.5L-2.5 2.5", "k k-ground w-18")],
  2: () => [
    rect(-6, -6, 8, 8, "f-broken", { rx: 1 }),
    rect(-2, -2, 8, 8, "f-broken k-ground", { rx: 1, "stroke-width": 1.4 }),
  ],
  R: () => [path(CIRCLE_ARROW, "k k-crash w-18"), path("M-6 6L6 -6", "k k-crash w-18")],
};

/* A mark beside its letter, hidden from assistive technology; none where nothing is known. */
export function outcomeMark(letter: string, size_px = 14): SVGSVGElement | null {
  const shape = SHAPES[letter];
  if (!shape) return null;
  const box = { class: "mk", width: size_px, height: size_px, viewBox: "-7 -7 14 14", "aria-hidden": "true" };
  return s("svg", box, ...shape());
}

const KINDS: Record<string, string> = { S: "same", A: "allowed", "?": "none" };

export const outcomeClass = (letter: string): string => KINDS[letter] ?? "bad";
