/* Two runs side by side: the verdict in words, then the rows. */

import { Cell } from "./cell";
import { drawRows } from "./comparison_rows";
import { h, plain } from "./dom";
import { type Command, listenToKeys } from "./keys";
import type { Model } from "./model";
import { lostStrip, problemStrip } from "./problem";
import type { Comparison, SideName } from "./protocol";
import styles from "./recoveries.css";
import { type Part, Session } from "./session";
import { leaveCell } from "./single";

const ROWS_AT_A_TIME = 200;

/* The first sentence of the picture, and the only large one. */
export class VerdictPart implements Part {
  readonly uses = ["comparison"] as const;
  readonly element = h("div.verd");
  #told = "";
  #instead = "";

  readonly #session: Session;
  readonly #cell: Cell;

  constructor(session: Session, cell: Cell) {
    this.#session = session;
    this.#cell = cell;
    cell.listen(cell.section, "mouseleave", () => void (this.element.style.minHeight = ""));
  }

  draw(): void {
    const found = this.#session.comparison;
    this.element.hidden = !found;
    if (!found) return;
    const words = found.verdict.map(({ text }) => text).join(" ");
    this.#instead = "";
    this.#keepRoom();
    const parts = found.verdict.flatMap(({ text, bad }) => [bad ? h("em", text) : text, " "]);
    this.element.replaceChildren(h("p", ...parts), h("span", found.note));
    if (this.#told && words + found.note !== this.#told) this.#cell.say(`${words} ${found.note}`);
    this.#told = words + found.note;
  }

  /* Says why there is no verdict on what a person asks for; "" takes that back. What lies side by side stays what it was. */
  instead(why: string): void {
    if (why === this.#instead) return;
    if (!why) return this.draw();
    this.#instead = why;
    this.#keepRoom();
    const note = this.#session.comparison ? `Below is still this. ${this.#session.comparison.note}` : "";
    this.element.hidden = false;
    this.element.replaceChildren(h("p.open", why), h("span", note));
    this.#cell.say(why);
  }

  /* A shorter verdict takes as much room as the one before, so that what is under the pointer stays there. */
  #keepRoom(): void {
    if (this.#cell.section.matches(":hover")) this.element.style.minHeight = `${this.element.offsetHeight}px`;
  }
}

export class ComparisonPart implements Part {
  readonly uses = ["comparison", "read_only", "connection"] as const;
  readonly element = h("div");
  #target = ""; /* the row that a link leads to */

  readonly #session: Session;

  constructor(session: Session, cell: Cell) {
    this.#session = session;
    cell.actions["swap"] = () => void session.post({ kind: "swap" });
    cell.actions["unfold"] = () => this.#ask(0);
    cell.actions["fold"] = () => this.#ask(this.#found?.common_count ?? 0);
    cell.actions["rowsBefore"] = () => this.#turn(-1);
    cell.actions["rowsAfter"] = () => this.#turn(1);
    cell.actions["goRow"] = (element) => this.#go(`${element.dataset["side"]} ${element.dataset["row"]}`);
    cell.listen(this.element, "change", (event) => this.#choose(event.target as HTMLSelectElement));
  }

  get #found(): Comparison | null {
    return this.#session.comparison;
  }

  draw(): void {
    const found = this.#found;
    this.element.replaceChildren(...(found ? [drawRows(found, this.#session.canChoose, !this.#session.cut)] : []));
    /* After what had the focus has it again. */
    if (this.#target) queueMicrotask(() => this.#reveal());
  }

  #ask(first: number): void {
    this.#session.post({ kind: "compared_rows", first, count: ROWS_AT_A_TIME });
  }

  #turn(by: 1 | -1): void {
    if (this.#found) this.#ask(Math.max(0, this.#found.first + by * ROWS_AT_A_TIME));
  }

  #choose(select: HTMLSelectElement): void {
    this.#session.post({ kind: "choose", side: select.dataset["side"] as SideName, run: select.value });
  }

  #go(target: string): void {
    this.#target = target;
    if (!this.#reveal()) this.#ask(Math.max(0, Number(target.split(" ")[1]) - 2));
  }

  #reveal(): boolean {
    const row = this.element.querySelector<HTMLElement>(`[data-at="${this.#target}"]`);
    if (!row) return false;
    this.#target = "";
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    return true;
  }
}

export class RecoveriesStripsPart implements Part {
  readonly uses = ["problem", "connection", "read_only"] as const;
  readonly element = h("div.strips");

  readonly #session: Session;

  constructor(session: Session, cell: Cell) {
    this.#session = session;
    cell.actions["closeProblem"] = () => session.closeProblem();
  }

  draw(): void {
    const lost = lostStrip(this.#session, "No kernel. Looking works, new comparisons do not.");
    this.element.replaceChildren(...lost, ...problemStrip(this.#session));
  }
}

export function nameCell(cell: Cell, name: string): void {
  cell.section.setAttribute("aria-label", plain(name));
}

export function listenForLeaving(cell: Cell, session: Session, run: (command: Command) => boolean = () => false): void {
  const leave = (): boolean => (session.problem ? (session.closeProblem(), true) : leaveCell(cell));
  listenToKeys(cell, { choose: () => undefined, run: (command) => run(command) || (command === "out" && leave()) });
}

export function mountComparison(model: Model, el: HTMLElement): () => void {
  const cell = new Cell(el, "one cmp", "PHASM Lab comparison", styles);
  const session = new Session(model, cell);
  const parts = [
    new RecoveriesStripsPart(session, cell),
    new VerdictPart(session, cell),
    new ComparisonPart(session, cell),
  ];
  cell.add(...parts.map((part) => part.element));
  parts.forEach((part) => session.show(part));
  listenForLeaving(cell, session);
  session.post({ kind: "ready" });
  return () => cell.dispose();
}
