/* The frame of every widget: a shadow root with the styles, one region that holds the focus, one live region, and a list of what to undo at the end. */

import { h } from "./dom";
import parts from "./parts.css";
import tokens from "./tokens.css";

const MEANINGS = [
  "input",
  "transition",
  "commit",
  "rejected",
  "tracked",
  "untracked",
  "crash",
  "recover",
  "storage",
  "ok",
  "broken",
  "unreached",
  "ground",
  "ink",
];

const meaningColours = (): string =>
  MEANINGS.map((name) => `.f-${name}{fill:var(--phl-${name})}.k-${name}{stroke:var(--phl-${name})}`).join("");

export type Action = (element: HTMLElement, event: Event) => void;

export class Cell {
  readonly host: HTMLElement;
  readonly root: ShadowRoot;
  readonly section: HTMLElement;
  readonly uid = Math.random().toString(36).slice(2, 10);
  /* What elements with data-do="NAME" do when they are clicked. One listener serves them all. */
  readonly actions: Record<string, Action> = {};
  readonly #live = h("p.sr", { "aria-live": "polite" });
  readonly #undo: (() => void)[] = [];

  /* `styles` are those that only one widget needs. */
  constructor(el: HTMLElement, className: string, name: string, styles = "") {
    /* Hosts built on Lumino that listen before the cell can hear pass over what carries this attribute. */
    this.host = h("div.phasm-lab", { "data-lm-suppress-shortcuts": true });
    this.root = this.host.attachShadow({ mode: "open" });
    this.section = h("section", { class: `phl ${className}`, "aria-label": name, tabindex: 0 });
    const style = h("style");
    style.textContent = tokens + parts + styles + meaningColours();
    this.section.append(this.#live);
    this.root.append(style, this.section);
    el.append(this.host);
    this.defer(() => this.host.remove());
    this.listen(this.section, "click", (event) => this.#act(event));
  }

  listen(target: EventTarget, type: string, handler: (event: Event) => void, options?: AddEventListenerOptions): void {
    target.addEventListener(type, handler, options);
    this.defer(() => target.removeEventListener(type, handler, options));
  }

  defer(undo: () => void): void {
    this.#undo.push(undo);
  }

  /* `changed` is told the width that an element had before; a difference of less than `least_px` is none. */
  watchWidth(element: Element, changed: (before_px: number) => void, least_px = 1): void {
    if (typeof ResizeObserver === "undefined") return;
    let width_px = 0;
    const observer = new ResizeObserver(() => {
      const before_px = width_px;
      if (Math.abs(element.clientWidth - before_px) < least_px) return;
      width_px = element.clientWidth;
      changed(before_px);
    });
    observer.observe(element);
    this.defer(() => observer.disconnect());
  }

  /* Before the live region, so that it stays the last thing in the cell. */
  add(...elements: HTMLElement[]): void {
    this.#live.before(...elements);
  }

  say(text: string): void {
    if (text !== "" && this.#live.textContent !== text) this.#live.replaceChildren(text);
  }

  /* By default the frame itself: with the focus in it the keys go on working. */
  focus(element: HTMLElement | null | undefined = this.section): void {
    element?.focus({ preventScroll: true });
  }

  dispose(): void {
    for (const undo of this.#undo.splice(0).reverse()) undo();
  }

  #act(event: Event): void {
    const target = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-do]") : null;
    const name = target?.getAttribute("data-do");
    if (target && name) this.actions[name]?.(target, event);
  }
}

/* A part is drawn again as a whole; what had the focus in it has it again. Else the keys would stop working after every step. */
export function keepFocus(cell: Cell, draw: () => void): void {
  const before = cell.root.activeElement;
  const name = before?.getAttribute("data-focus") ?? null;
  draw();
  if (before === null || before === cell.root.activeElement) return;
  const again =
    name === null
      ? null
      : [...cell.section.querySelectorAll<HTMLElement>("[data-focus]")].find((e) => e.dataset["focus"] === name);
  cell.focus(again ?? cell.section);
}
