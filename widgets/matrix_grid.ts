/* The crash matrix as a grid: arrows move, Enter puts a recovery on the right, Shift+Enter on the left. Its cells stay while the rest is
   searched, so that a click never loses its cell half way. */

import { type Cell, keepFocus } from "./cell";
import { button, count, h, note, spoken } from "./dom";
import { BeyondPart } from "./matrix_beyond";
import { outcomeClass, outcomeMark } from "./outcomes";
import type { Matrix, MatrixCell, MatrixRow, SideName } from "./protocol";
import type { Part, Session } from "./session";

const PAGE_ROWS = 100;
const FLAG_ROOM_PX = 10;

export interface Place {
  row: number;
  column: number;
}

const idOf = (matrix: Matrix, { row, column }: Place): string =>
  `${matrix.rows[row]?.step ?? 0} ${matrix.columns[column]?.key ?? ""}`;

/* Where an arrow leads from a cell, or null where the key is none of the grid's. */
export function moved(key: string, at: Place, rows: number, columns: number, control = false): Place | null {
  const last = { row: rows - 1, column: columns - 1 };
  const to = { ...at };
  if (key === "ArrowLeft") to.column -= 1;
  else if (key === "ArrowRight") to.column += 1;
  else if (key === "ArrowUp") to.row -= 1;
  else if (key === "ArrowDown") to.row += 1;
  else if (key === "PageUp") to.row -= 10;
  else if (key === "PageDown") to.row += 10;
  else if (key === "Home") Object.assign(to, { column: 0 }, control ? { row: 0 } : {});
  else if (key === "End") Object.assign(to, { column: last.column }, control ? { row: last.row } : {});
  else return null;
  return {
    row: Math.min(last.row, Math.max(0, to.row)),
    column: Math.min(last.column, Math.max(0, to.column)),
  };
}

export class MatrixGrid implements Part {
  readonly uses = ["matrix", "comparison", "answer"] as const;
  readonly element = h("div.matbox");
  readonly #beyond = new BeyondPart();
  #at: Place | null = null; /* where the focus is or was: null until a person moves */
  #first = 0;
  #built = "";
  #cells = new Map<string, { td: HTMLElement; shown: string }>();
  #asked: Partial<Record<SideName, string>> = {};
  #seen = ""; /* what stood on the right when its cell was brought into sight last */

  readonly #session: Session;
  readonly #cell: Cell;
  readonly #looked: (place: string) => void;
  readonly #missed: (why: string) => void;

  /* `looked` is told which cell is looked at, `missed` why a cell that was asked for cannot be put anywhere, "" where it can. */
  constructor(session: Session, cell: Cell, looked: (id: string) => void, missed: (why: string) => void) {
    this.#session = session;
    this.#cell = cell;
    this.#looked = looked;
    this.#missed = missed;
    this.element.append(this.#beyond.element, this.#beyond.scroller);
    cell.actions["columnsBefore"] = () => this.#beyond.turn(-1);
    cell.actions["columnsAfter"] = () => this.#beyond.turn(1);
    cell.listen(this.#beyond.scroller, "scroll", () => this.#beyond.draw());
    cell.watchWidth(this.#beyond.scroller, () => this.#beyond.draw());
    cell.actions["cell"] = (element, event) => this.#click(element, (event as MouseEvent).shiftKey);
    cell.actions["earlier"] = () => this.#turn(-PAGE_ROWS);
    cell.actions["later"] = () => this.#turn(PAGE_ROWS);
    cell.listen(this.element, "keydown", (event) => this.#key(event as KeyboardEvent));
    cell.listen(this.element, "focusin", (event) => this.#look(event, true));
    /* Not "mouseover": a browser fires that too where the pointer rests and something else comes under it. */
    cell.listen(this.element, "mousemove", (event) => this.#look(event, false));
    cell.listen(this.element, "mouseleave", () => this.#looked(this.current));
  }

  /* The cell that is spoken about: where a person is, else what stands on the right, else the worst. */
  get current(): string {
    const { matrix } = this;
    if (!matrix) return "";
    return this.#at ? idOf(matrix, this.#at) : this.#put("right") || matrix.worst;
  }

  get matrix(): Matrix | null {
    return this.#session.matrix;
  }

  cellOf(id: string): MatrixCell | null {
    const [row, column] = this.#placeOf(id);
    return this.matrix?.rows[row]?.cells[column] ?? null;
  }

  draw(changed?: ReadonlySet<string>): void {
    const { matrix } = this;
    if (!matrix) return;
    if (changed?.has("answer") || changed?.has("comparison")) this.#asked = {};
    const wanted = `${matrix.rows.length} ${matrix.columns.length} ${this.#first}`;
    if (wanted !== this.#built) keepFocus(this.#cell, () => this.#build(matrix));
    this.#built = wanted;
    this.#fill(matrix);
    if (this.#put("right") !== this.#seen) this.#show((this.#seen = this.#put("right")));
  }

  /* Brings a cell into sight by scrolling the grid alone: the page stays. Over the name of its row it would not be seen. */
  #show(id: string): void {
    const td = this.#cells.get(id)?.td;
    if (!td) return;
    const box = this.#beyond.scroller;
    const at = td.getBoundingClientRect();
    const first = td.parentElement!.firstElementChild!.getBoundingClientRect().right;
    const last = box.getBoundingClientRect().right - FLAG_ROOM_PX;
    if (at.right > last) box.scrollLeft += at.right - last;
    else if (at.left < first + FLAG_ROOM_PX) box.scrollLeft -= first + FLAG_ROOM_PX - at.left;
  }

  #placeOf(id: string): [number, number] {
    const { matrix } = this;
    const space = id.indexOf(" ");
    if (!matrix || space < 0) return [-1, -1];
    const step = Number(id.slice(0, space));
    return [
      matrix.rows.findIndex((row) => row.step === step),
      matrix.columns.findIndex((column) => column.key === id.slice(space + 1)),
    ];
  }

  nameOf(id: string): string {
    const [row, column] = this.#placeOf(id);
    return `Step ${this.matrix?.rows[row]?.step ?? ""}, ${this.matrix?.columns[column]?.label ?? ""}`;
  }

  #put(side: SideName): string {
    return this.#asked[side] ?? this.#session.comparison?.[side].cell ?? "";
  }

  #build(matrix: Matrix): void {
    this.#cells.clear();
    const rows = matrix.rows.slice(this.#first, this.#first + PAGE_ROWS);
    const table = h(
      "table",
      { role: "grid", "aria-label": `Crash matrix, ${matrix.name}`, "aria-rowcount": matrix.rows.length + 2 },
      h("thead", this.#groups(matrix), this.#heads(matrix)),
      h("tbody", ...rows.map((row, offset) => this.#row(matrix, row, this.#first + offset))),
    );
    this.#beyond.scroller.replaceChildren(table, ...this.#pages(matrix));
    this.#beyond.draw();
  }

  #groups(matrix: Matrix): HTMLElement {
    const heads: HTMLElement[] = [];
    matrix.columns.forEach(({ group }, index) => {
      const before = heads.at(-1);
      if (matrix.columns[index - 1]?.group === group && before)
        before.setAttribute("colspan", String(Number(before.getAttribute("colspan")) + 1));
      else heads.push(h("th.g", { colspan: 1, scope: "colgroup" }, h("span", group)));
    });
    return h("tr", h("td"), ...heads);
  }

  #heads(matrix: Matrix): HTMLElement {
    const heads = matrix.columns.map(({ key, label }, index) => {
      const title = `in Python: matrix[STEP, "${key}"]`;
      return h("th", { scope: "col", class: this.#gap(matrix, index), title }, ...twoLines(label));
    });
    return h("tr", h("th", { scope: "col" }, "crash-free run"), ...heads);
  }

  #gap(matrix: Matrix, index: number): string | null {
    return matrix.columns[index - 1]?.group === matrix.columns[index]?.group ? null : "g";
  }

  #row(matrix: Matrix, row: MatrixRow, index: number): HTMLElement {
    const cells = row.cells.map((_, column) => {
      const id = idOf(matrix, { row: index, column });
      const td = h("td", {
        role: "gridcell",
        "data-do": "cell",
        "data-id": id,
        "data-focus": `cell ${id}`,
        class: this.#gap(matrix, column),
      });
      this.#cells.set(id, { td, shown: "" });
      return td;
    });
    const name = h("th", { scope: "row", title: row.label }, h("span.n", row.step), " ", row.label);
    return h("tr", { class: row.is_input && index > 0 ? "sep" : null, "aria-rowindex": index + 3 }, name, ...cells);
  }

  #pages(matrix: Matrix): HTMLElement[] {
    if (matrix.rows.length <= PAGE_ROWS) return [];
    const last = Math.min(matrix.rows.length, this.#first + PAGE_ROWS);
    return [
      h(
        "div.pages",
        note(`steps ${count(this.#first + 1)} to ${count(last)} of ${count(matrix.rows.length)}`),
        button("earlier", "Earlier steps", { disabled: this.#first === 0 }),
        button("later", "Later steps", { disabled: last === matrix.rows.length }),
      ),
    ];
  }

  #fill(matrix: Matrix): void {
    const flags = { [this.#put("left")]: "L", [this.#put("right")]: "R" };
    const stop = this.#at ? idOf(matrix, this.#at) : this.current;
    const reachable = this.#cells.has(stop) ? stop : this.#cells.keys().next().value;
    matrix.rows.slice(this.#first, this.#first + PAGE_ROWS).forEach((row, offset) =>
      row.cells.forEach((found, column) => {
        const id = idOf(matrix, { row: this.#first + offset, column });
        const held = this.#cells.get(id)!;
        held.td.tabIndex = id === reachable ? 0 : -1;
        const flag = flags[id] ?? "";
        const shown = `${found?.letter} ${found?.share} ${flag}`;
        if (shown !== held.shown) paint(held.td, `step ${row.step}, ${matrix.columns[column]!.label}`, found, flag);
        held.shown = shown;
      }),
    );
  }

  #turn(by: number): void {
    const length = this.matrix?.rows.length ?? 0;
    this.#first = Math.min(Math.max(0, this.#first + by), Math.max(0, length - 1));
    this.draw();
  }

  #key(event: KeyboardEvent): void {
    const { matrix } = this;
    const td = (event.target as Element).closest<HTMLElement>("td[data-id]");
    if (!matrix || !td) return;
    const [row, column] = this.#placeOf(td.dataset["id"]!);
    if (event.key === "Enter" || event.key === " ") this.#click(td, event.shiftKey);
    else {
      const to = moved(
        event.key,
        { row, column },
        matrix.rows.length,
        matrix.columns.length,
        event.ctrlKey || event.metaKey,
      );
      if (!to) return;
      this.#go(to, matrix);
    }
    event.preventDefault();
  }

  #go(to: Place, matrix: Matrix): void {
    this.#at = to;
    if (to.row < this.#first || to.row >= this.#first + PAGE_ROWS)
      this.#first = Math.floor(to.row / PAGE_ROWS) * PAGE_ROWS;
    this.draw();
    this.#cells.get(idOf(matrix, to))?.td.focus();
  }

  #look(event: Event, isMoved: boolean): void {
    const id = (event.target as Element).closest<HTMLElement>("td[data-id]")?.dataset["id"];
    if (id === undefined || !this.matrix) return;
    if (isMoved) {
      const [row, column] = this.#placeOf(id);
      this.#at = { row, column };
      this.#fill(this.matrix);
    }
    this.#looked(id);
  }

  #click(td: HTMLElement, isShifted: boolean): void {
    const id = td.dataset["id"]!;
    const found = this.cellOf(id);
    td.focus({ preventScroll: true });
    if (!found?.step_count) {
      this.#missed(found ? found.sentence : `${this.nameOf(id)}: there is no such point.`);
      return;
    }
    const side = isShifted ? "left" : "right";
    if (this.#session.cut) {
      this.#cell.say(`The ${side} side stays: ${this.#session.whyNot}.`);
      return;
    }
    this.#missed("");
    this.#asked[side] = id;
    this.#session.post({ kind: "put", side, cell: id });
    if (this.matrix) this.#fill(this.matrix);
  }
}

/* "commit, none out" in two lines, as even as its words allow. */
function twoLines(text: string): (string | HTMLElement)[] {
  const words = text.split(" ");
  const half = Math.floor(words.length / 2);
  return half ? [`${words.slice(0, half).join(" ")} `, h("br"), words.slice(half).join(" ")] : [text];
}

function paint(td: HTMLElement, place: string, found: MatrixCell | null, flag: string): void {
  const words = found ? found.name : "no such point";
  const share = found?.share ? `, ${found.share.replace("/", " of ")}` : "";
  const side = flag === "" ? "" : `, on the ${flag === "L" ? "left" : "right"}`;
  const picture = found
    ? [
        flag ? h("span.flag", flag) : null,
        outcomeMark(found.letter),
        found.letter,
        found.share ? h("i", found.share) : null,
      ]
    : ["·"];
  const look = `cell ${outcomeClass(found?.letter ?? "?")}${flag ? " sel" : ""}`;
  td.replaceChildren(
    h("span", { class: look, "aria-hidden": "true" }, ...picture),
    spoken(`${place}: ${words}${share}${side}`),
  );
}
