/* The crash matrix: one verdict, the grid, one sentence about the cell that is looked at, and its recovery beside another run. */

import { Cell } from "./cell";
import { ComparisonPart, RecoveriesStripsPart, VerdictPart, listenForLeaving, nameCell } from "./comparison";
import { LINE, button, count, h, note, plural } from "./dom";
import { InsidePart } from "./inside";
import { MatrixGrid } from "./matrix_grid";
import type { Model } from "./model";
import { outcomeMark } from "./outcomes";
import type { Matrix } from "./protocol";
import styles from "./recoveries.css";
import { type Part, Session } from "./session";

/* Its elements stay, since a search changes it several times a second. */
class HeadPart implements Part {
  readonly uses = ["matrix", "connection", "read_only"] as const;
  readonly element: HTMLElement;
  readonly #name = h("h2");
  readonly #far = h("span.note");
  readonly #go = button("fill", "Stop", {}, LINE);
  readonly #share = h("i");
  readonly #bar = h(
    "div.share",
    { role: "progressbar", "aria-label": "Share of the cells searched", "aria-valuemin": 0 },
    this.#share,
  );
  #told = "";

  readonly #session: Session;
  readonly #cell: Cell;

  constructor(session: Session, cell: Cell) {
    this.#session = session;
    this.#cell = cell;
    this.element = h(
      "header.head",
      this.#name,
      h("span.sub", "every crash point of the crash-free run"),
      h("span.end", this.#far, this.#go),
      this.#bar,
    );
    cell.actions["fill"] = () => this.go();
  }

  /* Stops what goes on, or goes on. */
  go(): boolean {
    const state = this.#session.matrix?.state;
    if (!this.#session.canChoose || (state !== "filling" && state !== "stopped")) return false;
    this.#session.post({ kind: state === "filling" ? "stop" : "fill" });
    return true;
  }

  draw(): void {
    const found = this.#session.matrix;
    if (!found) return;
    this.#name.textContent = this.#name.title = found.name;
    const searchable = found.point_count;
    const isOpen = found.state !== "ended";
    this.#far.textContent = isOpen ? `${count(found.filled_count)} of ${count(searchable)} cells searched` : "";
    this.#go.hidden = !isOpen || this.#session.readOnly;
    this.#go.disabled = !this.#session.canChoose;
    this.#go.setAttribute("aria-disabled", String(found.state === "ending"));
    this.#go.textContent = found.state === "stopped" ? "Go on" : "Stop";
    this.#go.title = found.state === "stopped" ? "search the other cells" : "what is there stays";
    this.#drawBar(found);
    this.#tell(found);
  }

  #drawBar(found: Matrix): void {
    this.#bar.hidden = found.state === "ended" || found.state === "stopped";
    this.#bar.setAttribute("aria-valuemax", String(found.point_count));
    this.#bar.setAttribute("aria-valuenow", String(found.filled_count));
    this.#share.style.width = `${(100 * found.filled_count) / Math.max(1, found.point_count)}%`;
  }

  #tell(found: Matrix): void {
    if (this.#told && this.#told !== found.state && found.state !== "ending")
      this.#cell.say(`Crash matrix: ${found.state}.`);
    this.#told = found.state;
  }
}

class LegendPart implements Part {
  readonly uses = ["matrix"] as const;
  readonly element = h("div.legend");
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  draw(): void {
    const entries = (this.#session.matrix?.legend ?? []).map(({ letter, name, count: many, note: more }) =>
      h(
        "span",
        { class: many ? null : "zero" },
        outcomeMark(letter),
        h("b", letter),
        ` ${name} `,
        h("b", count(many)),
        more ? ` (${more})` : null,
      ),
    );
    this.element.replaceChildren(
      ...entries,
      h("span.zero", "1/2: one of two crashes there"),
      h("span.zero", "· no such point"),
    );
  }
}

/* One sentence about the cell that is looked at. */
class SentencePart implements Part {
  readonly uses = ["matrix", "comparison", "connection", "read_only"] as const;
  readonly element = h("div.hov");
  #id = "";
  #longest: { of: Matrix | null; text: string } = { of: null, text: "" };

  readonly #session: Session;
  readonly #grid: () => MatrixGrid;

  constructor(session: Session, grid: () => MatrixGrid) {
    this.#session = session;
    this.#grid = grid;
  }

  get id(): string {
    return this.#id;
  }

  look(id: string): void {
    if (id === this.#id) return;
    this.#id = id;
    this.draw();
  }

  draw(changed?: ReadonlySet<string>): void {
    if (changed?.has("comparison") || !this.#id) this.#id = this.#grid().current;
    const found = this.#grid().cellOf(this.#id);
    const [head, ...rest] = (found?.sentence ?? `${this.#grid().nameOf(this.#id)}: no such point.`).split(": ");
    const steps = found?.step_count ? note(` ${plural(found.step_count, "step")}`) : null;
    const words = h(
      "span.words",
      { "data-longest": this.#longestSentence() },
      h("span", rest.length ? h("b", `${head}: `) : null, rest.length ? rest.join(": ") : head, steps),
    );
    const open = this.#session.canChoose
      ? button("openInLab", "Open in lab", { disabled: !found?.step_count }, LINE)
      : null;
    this.element.replaceChildren(
      ...[h("span.mark", found ? outcomeMark(found.letter, 16) : null), words, open].filter((each) => each !== null),
    );
    this.element.hidden = !this.#session.matrix;
  }

  /* Its room is kept whichever cell is looked at, so that nothing below moves under the pointer. */
  #longestSentence(): string {
    const { matrix } = this.#session;
    if (matrix && this.#longest.of !== matrix) {
      const all = matrix.rows.flatMap((row) => row.cells.map((cell) => cell?.sentence ?? ""));
      this.#longest = { of: matrix, text: all.reduce((one, other) => (other.length > one.length ? other : one), "") };
    }
    return `${this.#longest.text} 000 steps`;
  }
}

function barOf(): { element: HTMLElement; draw: (found: Matrix) => void } {
  const words = note("");
  const warning = h("p.warning");
  const bar = h(
    "div.bar",
    h("h3", "Crash matrix"),
    words,
    h("span.note.end.opt", "Enter or click: put on the right. Shift: on the left."),
  );
  const draw = (found: Matrix): void => {
    words.textContent = found.note;
    warning.textContent = found.warning;
    warning.hidden = !found.warning;
  };
  return { element: h("div", warning, bar), draw };
}

export function mountCrashMatrix(model: Model, el: HTMLElement): () => void {
  const cell = new Cell(el, "one cmp", "PHASM Lab crash matrix", styles);
  const session = new Session(model, cell);
  const head = new HeadPart(session, cell);
  const bar = barOf();
  const sentence: SentencePart = new SentencePart(session, () => grid);
  const grid: MatrixGrid = new MatrixGrid(
    session,
    cell,
    (id) => sentence.look(id),
    (why) => verdict.instead(why),
  );
  const barPart: Part = { uses: ["matrix"], draw: () => session.matrix && bar.draw(session.matrix) };
  const legend = new LegendPart(session);
  const [strips, verdict, rows] = [
    new RecoveriesStripsPart(session, cell),
    new VerdictPart(session, cell),
    new ComparisonPart(session, cell),
  ];
  const lab = new InsidePart(
    session,
    cell,
    "explorer",
    "Back to the two runs",
    (shown) => void (rows.element.hidden = shown),
  );
  cell.actions["openInLab"] = () => lab.open(session.post({ kind: "open", run: sentence.id }), "In a lab");
  cell.add(
    head.element,
    strips.element,
    verdict.element,
    bar.element,
    grid.element,
    sentence.element,
    legend.element,
    rows.element,
    lab.element,
  );
  for (const part of [head, strips, verdict, barPart, grid, sentence, legend, rows, lab]) session.show(part);
  if (session.matrix) nameCell(cell, `PHASM Lab crash matrix, ${session.matrix.name}`);
  listenForLeaving(
    cell,
    session,
    (command) => (command === "check" && head.go()) || (command === "out" && lab.close()),
  );
  session.post({ kind: "ready" });
  return () => cell.dispose();
}
