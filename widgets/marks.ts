/* The marks of the lab, each drawn in a 14 px box around 0, 0; colour comes from classes f-NAME (fill) and k-NAME (stroke). */

import { path, rect, s } from "./dom";
import type { Mark } from "./protocol";

export function octagon(radius: number): string {
  const a = radius * 0.414;
  const r = radius;
  return `M${-a} ${-r}H${a}L${r} ${-a}V${a}L${a} ${r}H${-a}L${-r} ${a}V${-a}Z`;
}

const CIRCLE_ARROW = "M4.2 2.4A4.8 4.8 0 1 1 4.2 -2.4";

const SHAPES: Record<Mark, () => SVGElement[]> = {
  input: () => [s("circle", { r: 4, class: "f-input" })],
  transition: () => [rect(-2.5, -6, 5, 12, "f-transition", { rx: 1 })],
  commit: () => [rect(-4.5, -4.5, 9, 9, "f-commit", { rx: 1 })],
  rejected: () => [
    rect(-4.5, -4.5, 9, 9, "f-ground k-rejected w-15", { rx: 1 }),
    path("M-6.5 6.5L6.5 -6.5", "k k-rejected"),
  ],
  tracked: () => [path("M-6 0H2", "k k-tracked"), path("M6 0L0 -3.5V3.5Z", "f-tracked")],
  untracked: () => [path("M-6 0H3", "k k-untracked dash"), path("M1 -3.5L5.5 0L1 3.5", "k k-untracked")],
  crash: () => [path("M-6.5 1L-3.5 -4L0 4L3.5 -4L6.5 1", "k k-crash w-2")],
  recover: () => [path(CIRCLE_ARROW, "k k-recover w-18"), path("M6.6 -5.6V-.6H1.6Z", "f-recover")],
  storage: () => [path("M0 -6L6.4 5.5H-6.4Z", "f-storage"), path("M0 -2V2M0 3.2V4.4", "k k-ground")],
  ok: () => [path("M-4 .5L-1.2 3.4L4.2 -3.2", "k k-ok w-18")],
  broken: () => [path(octagon(6.2), "f-broken"), path("M-2.5 -2.5L2.5 2.5M2.5 -2.5L-2.5 2.5", "k k-ground w-18")],
  unreached: () => [s("circle", { r: 4.8, class: "k k-unreached", "stroke-dasharray": "2 2" })],
  dot: () => [s("circle", { r: 3.5, class: "f-transition" })],
};

export function mark(name: Mark, x: number, y: number, scale = 1): SVGGElement {
  const transform = `translate(${x} ${y})${scale === 1 ? "" : ` scale(${scale})`}`;
  return s("g", { transform }, ...(SHAPES[name] ?? SHAPES.dot)());
}

/* A mark beside words. The words say what it means, so it is hidden from assistive technology. */
export function icon(name: Mark, size_px = 14): SVGSVGElement {
  const box = { class: "mk", width: size_px, height: size_px, viewBox: "-7 -7 14 14", "aria-hidden": "true" };
  return s("svg", box, ...(SHAPES[name] ?? SHAPES.dot)());
}

export function arrow(from: number, y: number, to: number, colour: string, untracked = false): SVGElement[] {
  const direction = to > from ? 1 : -1;
  const base = to - direction * 6;
  const dash = untracked ? " dash" : "";
  const line = path(`M${from} ${y}H${untracked ? to - direction : base}`, `k k-${colour}${dash}`);
  const open = `M${to - direction * 5} ${y - 3.5}L${to} ${y}L${to - direction * 5} ${y + 3.5}`;
  const filled = `M${to} ${y}L${base} ${y - 3.5}V${y + 3.5}Z`;
  return [line, untracked ? path(open, `k k-${colour}`) : path(filled, `f-${colour}`)];
}

export function zigzag(from: number, to: number, y: number): string {
  let d = `M${from} ${y}`;
  let up = true;
  for (let x = from; x < to; up = !up) {
    x = Math.min(x + 6, to);
    d += `L${x} ${up ? y - 4 : y + 4}`;
  }
  return d;
}

export const cross = (x: number, y: number): SVGElement => path(`M${x - 4} ${y - 4}l8 8m0 -8l-8 8`, "k k-crash w-2");
