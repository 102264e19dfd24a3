/* What was asked, what is the case, what to do: a strip that leaves everything a person typed where it is. Also the strips of a saved page and of a lost kernel. */

import type { Cell } from "./cell";
import { copyText } from "./copy";
import { LINE, button, h, plural } from "./dom";
import { icon } from "./marks";
import type { Part, Session } from "./session";

export class StripsPart implements Part {
  readonly uses = ["problem", "read_only", "connection", "tree"] as const;
  readonly element = h("div.strips");

  readonly #session: Session;

  constructor(session: Session, cell: Cell) {
    this.#session = session;
    cell.actions["closeProblem"] = () => session.closeProblem();
    cell.actions["copyRun"] = (element) => void copyText(cell, session.view?.test ?? "", element);
  }

  draw(): void {
    const lost = lostStrip(this.#session, "No kernel. Stepping works, new choices do not.");
    this.element.replaceChildren(...this.#readOnly(), ...lost, ...problemStrip(this.#session));
  }

  #readOnly(): HTMLElement[] {
    if (!this.#session.readOnly) return [];
    const { step_count, segments } = this.#session.tree;
    const inner = new Set(segments.map((segment) => segment.parent));
    const branches = segments.filter((segment) => !inner.has(segment.steps.at(-1) ?? -1)).length;
    const words = `Saved run: ${plural(step_count, "step")}, ${plural(branches, "branch")}.`;
    return [h("div.strip", h("span", words), button("copyRun", "Copy as Python", {}, LINE))];
  }
}

export function lostStrip(session: Session, words: string): HTMLElement[] {
  if (session.readOnly || !session.cut) return [];
  return [h("div.strip", icon("unreached"), h("span", words))];
}

export function problemStrip(session: Session): HTMLElement[] {
  const { problem } = session;
  if (!problem) return [];
  const fields = Object.entries(problem.fields).map(([name, text]) => h("p", `${name}: ${text}`));
  const shownInForm = session.fired !== null && fields.length > 0;
  const words = h(
    "div.words",
    h("p.t", problem.title),
    ...problem.lines.map((line) => h("p", line)),
    ...(shownInForm ? [] : fields),
  );
  const close = button("closeProblem", "Close");
  return [h("div.strip.problem", { role: "group", "aria-label": "Not done" }, icon("storage"), words, close)];
}
