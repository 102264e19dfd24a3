/* What of a wide grid is out of sight: how many columns there are on each side, and a dashed edge where it is cut. */

import { button, h, plural } from "./dom";

const SMALL_PX = 2; /* less of a column out of sight is none */

/* How many columns begin before the part that is seen, and how many end after it. */
export function outOfSight(columns: readonly DOMRect[], left_px: number, right_px: number): [number, number] {
  const before = columns.filter((each) => each.left < left_px - SMALL_PX).length;
  const after = columns.filter((each) => each.right > right_px + SMALL_PX).length;
  return [before, after];
}

export class BeyondPart {
  readonly scroller = h("div.matwrap");
  readonly #before = button("columnsBefore", "", {}, "sm line");
  readonly #after = button("columnsAfter", "", {}, "sm line");
  readonly element = h("div.beyond", { role: "group", "aria-label": "Columns out of sight" }, this.#before, this.#after);

  draw(): void {
    const [name, ...columns] = [...this.scroller.querySelectorAll("thead tr:last-child > th")];
    if (!name) return;
    const seen = this.scroller.getBoundingClientRect();
    const boxes = columns.map((each) => each.getBoundingClientRect());
    const [before, after] = outOfSight(boxes, name.getBoundingClientRect().right, seen.right);
    this.#say(this.#before, before, `← ${plural(before, "more column")} to the left`);
    this.#say(this.#after, after, `${plural(after, "more column")} to the right →`);
    this.element.hidden = before + after === 0;
    this.scroller.classList.toggle("cutleft", before > 0);
    this.scroller.classList.toggle("cutright", after > 0);
  }

  /* Goes on by what is seen without the steps, which stay. */
  turn(by: 1 | -1): void {
    const name_px = this.scroller.querySelector("thead tr:last-child > th")?.clientWidth ?? 0;
    this.scroller.scrollBy({ left: by * Math.max(60, this.scroller.clientWidth - name_px - 60) });
  }

  #say(element: HTMLElement, count: number, words: string): void {
    element.hidden = count === 0;
    if (element.textContent !== words) element.textContent = words;
  }
}
