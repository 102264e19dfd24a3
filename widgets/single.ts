/* A widget that is one part of the explorer in a cell of its own. */

import { Cell } from "./cell";
import { type Keyboard, listenToKeys } from "./keys";
import type { Model } from "./model";
import { type Part, Session } from "./session";

export type MadePart = { part: Part & { element: HTMLElement }; keyboard: Keyboard };

export function mountSingle(
  model: Model,
  el: HTMLElement,
  className: string,
  name: string,
  make: (session: Session, cell: Cell) => MadePart,
  styles = "",
): () => void {
  const cell = new Cell(el, `one ${className}`, name, styles);
  const session = new Session(model, cell);
  const { part, keyboard } = make(session, cell);
  cell.add(part.element);
  listenToKeys(cell, keyboard);
  session.show(part);
  session.post({ kind: "ready" });
  return () => cell.dispose();
}

/* What every widget does with the keys of stepping: the selected step is shared, whichever picture shows it. */
export function leaveCell(cell: Cell): boolean {
  if (cell.root.activeElement === cell.section) {
    cell.section.blur();
    return false;
  }
  cell.focus();
  return true;
}
