/* The lanes in a scroller that holds only the rows in view, asks Python for rows that it lacks, and folds quiet runs. */

import type { Cell } from "./cell";
import { h, s } from "./dom";
import { Finder } from "./finder";
import { type Item, fold, isFold, itemOf } from "./fold";
import { drawGhost, drawLanes } from "./lanes";
import {
  GHOST_PX,
  HEAD_PX,
  type Lanes,
  dies,
  heightOf,
  isUpBefore,
  itemAt,
  leastWidth,
  openSystems,
  placeLanes,
  stack,
  usualHeight,
} from "./lanes_layout";
import { type Placed, type Scene, drawHead } from "./lanes_threads";
import type { Command } from "./keys";
import { type Measure, measureOf } from "./measure";
import { RowStore } from "./rows";
import type { Thread } from "./protocol";
import { type Part, type Session, type Topic, isOnlyGhost } from "./session";
import { stepsTable } from "./steps_table";

const MOST_ROWS_DRAWN = 60;
const OVERSCAN_PX = 240;
const PAGE_ROWS = 200;
const WIDEST_PX = 640;

export class TimelinePart implements Part {
  readonly uses = ["timeline", "tree", "selected", "ghost", "theme"] as const;
  readonly element: HTMLElement;
  readonly #scroller = h("div.scroller", {
    role: "listbox",
    tabindex: 0,
    "aria-label": "Steps",
    "data-focus": "lanes",
  });
  readonly #head = h("div.lanehead", { "aria-hidden": "true" });
  readonly #body = h("div.lanebody", { role: "presentation" });
  readonly #finder: Finder;
  readonly #store = new RowStore();
  readonly #opened: [number, number][] = [];
  #items: Item[] = [];
  #tops: number[] = [0];
  #drawn = { from: 0, to: -1 };
  #asked = "";
  #lastCount = -1;
  #lastSelected = -1;
  #tableShown = false;

  readonly #session: Session;
  readonly #cell: Cell;

  readonly #empty: HTMLElement;

  /* `empty` stands in the lanes where nothing has happened yet. */
  constructor(session: Session, cell: Cell, empty: HTMLElement) {
    this.#empty = empty;
    this.#session = session;
    this.#cell = cell;
    this.#scroller.append(this.#head, this.#body);
    this.#finder = new Finder(session, cell, (by) => this.goFound(by));
    this.element = h("div.mid", this.#finder.element, this.#scroller);
    cell.actions["row"] = (element) => this.#selectRow(Number(element.getAttribute("data-index")));
    cell.actions["unfold"] = (element) =>
      this.#unfold(Number(element.getAttribute("data-first")), Number(element.getAttribute("data-last")));
    cell.listen(this.#scroller, "scroll", () => this.#scrolled(), { passive: true });
    cell.listen(this.#scroller, "pointerover", (event) => this.#lightTwins(event.target as Element, true));
    cell.listen(this.#scroller, "pointerout", (event) => this.#lightTwins(event.target as Element, false));
    cell.watchWidth(this.element, (before_px) => this.#resized(before_px));
  }

  draw(changed?: ReadonlySet<Topic>): void {
    if (isOnlyGhost(changed)) return this.#drawGhost();
    const { timeline, tree } = this.#session;
    this.#store.absorb(timeline, tree);
    if (this.#tableShown) {
      this.#body.replaceChildren(stepsTable(timeline, this.#session.selected));
      return;
    }
    const newestWasInView = this.#isInView(this.#lastCount - 1);
    const grew = this.#lastCount >= 0 && timeline.row_count > this.#lastCount;
    this.#layOut();
    this.#drawWindow(grew ? timeline.row_count - 1 : -1);
    const selectedIndex = this.selectedIndex;
    if (grew && newestWasInView) this.#scrollTo(this.#items.length - 1);
    else if (this.#lastSelected !== selectedIndex || this.#lastCount < 0) this.#reveal(selectedIndex);
    this.#lastCount = timeline.row_count;
    this.#lastSelected = selectedIndex;
    this.#finder.draw(this.selectedIndex);
  }

  get selectedIndex(): number {
    const index = this.#store.indexOf(this.#session.selected);
    const view = this.#session.view;
    return index < 0 && view?.step === this.#session.selected ? view.row : index;
  }

  /* Next or previous row of this branch; false at its ends. */
  move(by: number): boolean {
    return this.#selectRow(this.selectedIndex + by);
  }

  moveTo(index: number): boolean {
    return this.#selectRow(index < 0 ? this.#store.rowCount - 1 : index);
  }

  /* False where nothing was done, or the command is none of the lanes. */
  run(command: Command): boolean {
    if (command === "previous" || command === "next") return this.move(command === "next" ? 1 : -1) || true;
    if (command === "first" || command === "newest") return this.moveTo(command === "first" ? 0 : -1);
    if (command === "foundNext" || command === "foundPrevious") return this.goFound(command === "foundNext" ? 1 : -1);
    if (command === "find") this.#finder.open(this.selectedIndex);
    return command === "find";
  }

  get tableShown(): boolean {
    return this.#tableShown;
  }

  showTable(shown: boolean): void {
    this.#tableShown = shown;
    this.#scroller.setAttribute("role", shown ? "group" : "listbox");
    if (shown) this.#scroller.removeAttribute("aria-activedescendant");
    this.#head.hidden = shown;
    this.#scroller.classList.toggle("wide", shown);
    this.#body.style.height = "";
    this.#drawn = { from: 0, to: -1 };
    this.draw();
  }

  closeFinder(): boolean {
    const closed = this.#finder.close();
    if (closed) this.#cell.focus(this.#scroller);
    return closed;
  }

  goFound(by: 1 | -1): boolean {
    const rows = this.#session.timeline.found?.rows ?? [];
    if (rows.length === 0) return false;
    const here = this.selectedIndex;
    const next = by > 0 ? rows.find((row) => row > here) : [...rows].reverse().find((row) => row < here);
    return this.#selectRow(next ?? (by > 0 ? rows[0]! : rows.at(-1)!));
  }

  #resized(before_px: number): void {
    /* A host may draw the widget before it has a place for it: only now is there something to scroll. */
    if (before_px === 0) this.#lastSelected = -1;
    if (!this.#tableShown) this.draw();
  }

  #selectRow(index: number): boolean {
    const step = this.#store.stepOf(index);
    if (index < 0 || index >= this.#store.rowCount || step === undefined) return false;
    this.#session.select(step);
    return true;
  }

  #unfold(first: number, last: number): void {
    this.#opened.push([first, last]);
    this.draw();
  }

  #layOut(): void {
    const { timeline } = this.#session;
    const at = itemAt(this.#tops, this.#scroller.scrollTop);
    const anchor = this.#items[at];
    const offset = this.#scroller.scrollTop - (this.#tops[at] ?? 0);
    this.#items = fold(timeline.outline, this.selectedIndex, this.#opened);
    this.#tops = stack(this.#items, (index) => {
      const row = this.#store.rowAt(index);
      return row ? heightOf(row) : usualHeight(timeline.outline[index] ?? "");
    });
    this.#body.style.height = `${this.#tops.at(-1)! + 4}px`;
    if (anchor && this.#scroller.scrollTop > 0)
      this.#scroller.scrollTop =
        this.#tops[itemOf(this.#items, anchor.first)]! + offset;
  }

  #fonts(): { sans: Measure; mono: Measure } {
    return { sans: measureOf(this.#cell.section), mono: measureOf(this.#cell.section, "--phl-mono") };
  }

  get #viewHeight(): number {
    return this.#scroller.clientHeight || 444;
  }

  #visible(): { from: number; to: number } {
    const from = itemAt(this.#tops, Math.max(0, this.#scroller.scrollTop - OVERSCAN_PX));
    const to = itemAt(this.#tops, this.#scroller.scrollTop + this.#viewHeight + OVERSCAN_PX);
    return { from, to: Math.min(to, from + MOST_ROWS_DRAWN - 1, this.#items.length - 1) };
  }

  #scrolled(): void {
    if (this.#tableShown) return;
    const first = itemAt(this.#tops, Math.max(0, this.#scroller.scrollTop - 40));
    const last = itemAt(this.#tops, this.#scroller.scrollTop + this.#viewHeight + 40);
    if (first < this.#drawn.from || Math.min(last, this.#items.length - 1) > this.#drawn.to) this.#drawWindow(-1);
  }

  #isInView(index: number): boolean {
    if (index < 0) return false;
    const at = itemOf(this.#items, index);
    const { scrollTop } = this.#scroller;
    return this.#tops[at]! >= scrollTop - 4 && this.#tops[at]! < scrollTop + this.#viewHeight - HEAD_PX;
  }

  #scrollTo(at: number): void {
    const ghost = this.#session.ghost && at === this.#items.length - 1 ? GHOST_PX : 0;
    const end = (this.#tops[at + 1] ?? this.#tops.at(-1)!) + HEAD_PX + 4 + ghost;
    if (end > this.#scroller.scrollTop + this.#viewHeight) this.#scroller.scrollTop = end - this.#viewHeight;
    this.#scrolled();
  }

  #reveal(index: number): void {
    if (index < 0) return;
    const at = itemOf(this.#items, index);
    const top = this.#tops[at]!;
    if (top < this.#scroller.scrollTop) this.#scroller.scrollTop = Math.max(0, top - 60);
    else this.#scrollTo(at);
    this.#scrolled();
  }

  #lanes(): Lanes {
    const { timeline } = this.#session;
    const { sans } = this.#fonts();
    const open = openSystems(timeline.systems, timeline.rows, this.#store.rowAt(this.selectedIndex));
    const least = leastWidth(timeline.systems.length, open.size);
    const room = this.element.clientWidth || 464;
    this.#scroller.classList.toggle("wide", room < least);
    const width = Math.max(least, Math.min(room, WIDEST_PX));
    const judged = (["own", "rules"] as const).filter((of) => timeline.rows.some((row) => row[of]));
    return placeLanes(width, timeline, open, sans, judged);
  }

  #place(index: number): Placed {
    if (index < 0) return { index, row: undefined, top: this.#tops.at(-1)! + 40, height: 0 };
    const at = itemOf(this.#items, index);
    const item = this.#items[at];
    const top = this.#tops[at] ?? 0;
    const row = item && !isFold(item) ? this.#store.rowAt(index) : undefined;
    return { index, row, top, height: (this.#tops[at + 1] ?? top) - top };
  }

  /* Whether the process is up where the window begins: the first row in it that could not happen otherwise says so. */
  #isUpAt(from: number): boolean {
    const { outline } = this.#session.timeline;
    for (const item of this.#items.slice(from, this.#drawn.to + 1)) {
      const row = isFold(item) ? undefined : this.#store.rowAt(item.first);
      if (row?.kind === "recover") return false;
      if (row && (dies(row) || row.kind === "fire" || row.kind === "dispatch" || row.kind === "deliver")) return true;
    }
    return isUpBefore(this.#items[from]?.first ?? 0, outline, (at) => this.#store.rowAt(at));
  }

  /* Below the last row, and in view where that was. */
  #drawGhost(): void {
    const { ghost } = this.#session;
    this.#body.querySelector(".ghost")?.remove();
    if (this.#tableShown || !ghost) return;
    const top = this.#tops.at(-1)!;
    const row = drawGhost(ghost.text, this.#lanes(), this.#fonts().sans);
    row.style.top = `${top}px`;
    this.#empty.remove();
    this.#body.append(row);
    if (this.#isInView(this.#store.rowCount - 1)) this.#scrollTo(this.#items.length - 1);
  }

  #threadsBetween(from: number, to: number): Thread[] {
    const first = this.#items[from]?.first ?? 0;
    const last = this.#items[to]?.last ?? 0;
    return this.#store.threads.filter((thread) => thread.from <= last && (thread.to < 0 || thread.to >= first));
  }

  #drawWindow(freshIndex: number): void {
    this.#drawn = this.#visible();
    const { from, to } = this.#drawn;
    const lanes = this.#lanes();
    const { sans, mono } = this.#fonts();
    const end = this.#tops.at(-1)!;
    const atEnd = to === this.#items.length - 1;
    const threads = this.#threadsBetween(from, to);
    const scene: Scene = {
      lanes,
      sans,
      threads,
      upAtTop: this.#isUpAt(from),
      placed: this.#items.slice(from, to + 1).map(({ first, last }) => ({
        ...this.#place(first),
        last,
        step: this.#store.stepOf(first),
      })),
      place: (index) => this.#place(index),
      top: this.#tops[from] ?? 0,
      bottom: atEnd ? end + 4 : this.#tops[to + 1]!,
    };
    const svg = drawLanes({
      scene,
      pen: { lanes, sans, mono, threads, rowAt: (index) => this.#store.rowAt(index) },
      rowCount: this.#store.rowCount,
      selectedIndex: this.selectedIndex,
      freshIndex,
      uid: this.#cell.uid,
    });
    svg.style.top = `${scene.top}px`;
    this.#body.replaceChildren(svg);
    /* Beside the list of steps, in which nothing but steps may be. */
    this.#empty.remove();
    if (this.#store.rowCount <= 1) this.element.append(this.#empty);
    this.#drawGhost();
    this.#head.replaceChildren(
      s(
        "svg.lanes",
        { width: lanes.width, height: HEAD_PX, role: "presentation" },
        ...drawHead(lanes, this.#session.timeline.systems, sans),
      ),
    );
    this.#scroller.setAttribute("aria-activedescendant", `${this.#cell.uid}-row-${this.selectedIndex}`);
    this.#fetchMissing();
  }

  #fetchMissing(): void {
    const wanted = this.#items
      .slice(this.#drawn.from, this.#drawn.to + 1)
      .flatMap((item) => (isFold(item) ? [] : [item.first]));
    const index = this.#store.missing(wanted);
    if (index < 0 || this.#session.cut) return;
    const first = Math.max(0, Math.min(index - 20, this.#store.rowCount - PAGE_ROWS));
    const asked = `${this.#session.timeline.branch} ${this.#store.rowCount} ${first}`;
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#session.post({ kind: "rows", first, count: PAGE_ROWS });
  }

  /* What was emitted again and where it was emitted first light up together. */
  #lightTwins(target: Element, lit: boolean): void {
    const row = target.closest(".row");
    if (!row) return;
    const again = (row.getAttribute("data-again") ?? "").split(" ").filter(Boolean);
    const step = row.getAttribute("data-step");
    for (const other of this.#body.querySelectorAll(".row")) {
      const isFirst = again.includes(other.getAttribute("data-step") ?? "");
      const isAgain = step !== null && (other.getAttribute("data-again") ?? "").split(" ").includes(step);
      if (isFirst || isAgain) for (const each of [other, row]) each.classList.toggle("lit", lit);
    }
  }
}
