/* Finding steps by their words: what is typed is looked up by Python, next and previous go through what was found. */

import type { Cell } from "./cell";
import { LINE, button, h } from "./dom";
import type { Session } from "./session";

export class Finder {
  readonly element = h("div.finder", { hidden: true });
  readonly #session: Session;
  readonly #field = h("input.find", { "aria-label": "Find a step", placeholder: "find a step", "data-focus": "find" });
  readonly #count = h("span.note");

  constructor(session: Session, cell: Cell, go: (by: 1 | -1) => void) {
    this.#session = session;
    this.element.append(
      this.#field,
      this.#count,
      button("findPrevious", "Previous"),
      button("findNext", "Next", {}, LINE),
    );
    cell.actions["findNext"] = () => go(1);
    cell.actions["findPrevious"] = () => go(-1);
    cell.listen(this.#field, "input", () => void session.post({ kind: "find", text: this.#field.value }));
    cell.listen(this.#field, "keydown", (event) => {
      const key = event as KeyboardEvent;
      if (key.key !== "Enter") return;
      key.preventDefault();
      go(key.shiftKey ? -1 : 1);
    });
  }

  open(selectedIndex: number): void {
    this.element.hidden = false;
    this.draw(selectedIndex);
    this.#field.focus();
  }

  close(): boolean {
    const wasOpen = !this.element.hidden;
    this.element.hidden = true;
    return wasOpen;
  }

  draw(selectedIndex: number): void {
    const { found } = this.#session.timeline;
    const rows = found?.rows ?? [];
    const here = rows.indexOf(selectedIndex);
    const words = rows.length === 0 ? "none" : here < 0 ? `${rows.length} found` : `${here + 1} of ${rows.length}`;
    this.#count.replaceChildren(found?.text ? words : "");
  }
}
