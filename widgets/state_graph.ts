/* The state graph: configurations by fewest steps from the start, the selected run on it, and always how many of how many are shown. */

import { type Cell, keepFocus } from "./cell";
import { button, count, h, note, plural, s, table } from "./dom";
import { type Node, pathOf } from "./graph_layout";
import styles from "./graph.css";
import { drawGraph, drawOverview } from "./graph_picture";
import type { Command } from "./keys";
import { icon } from "./marks";
import { measureOf } from "./measure";
import { type Model, read } from "./model";
import type { Graph } from "./protocol";
import type { Part, Session } from "./session";
import { type MadePart, leaveCell, mountSingle } from "./single";

const DRAWN_AS_SVG = 1000;
const TABLE_ROWS = 200;

export const stroke = (className: string): SVGSVGElement =>
  s(
    "svg.mk",
    { width: 28, height: 10, "aria-hidden": "true" },
    s("path", { d: "M0 5H28", class: `gedge ${className}` }),
  );

export const ring = (className: string, double = false, radius = 5.5): SVGSVGElement =>
  s(
    "svg.mk",
    { width: 14, height: 14, viewBox: "-7 -7 14 14", "aria-hidden": "true" },
    s("circle", { r: radius, class: `gnode ${className}` }),
    double ? s("circle", { r: 2.8, class: "gnode" }) : null,
  );

/* `run` names the thick path, "" where there is none. */
export function drawLegend(run: string): HTMLElement {
  const entries: [SVGSVGElement, string][] = [
    [stroke("on"), run],
    [stroke("crash"), "crash"],
    [stroke("recover"), "recover"],
    [ring("", true), "quiescent"],
    [ring("down"), "down"],
    [icon("broken"), "broken"],
  ];
  return h("div.legend", ...entries.slice(run ? 0 : 1).map(([picture, words]) => h("span", picture, words)));
}

function legend(graph: Graph): HTMLElement {
  const steps = pathOf(graph).length - 1;
  return drawLegend(steps > 0 ? `current path, ${plural(steps, "step")}` : "");
}

export function nodesTable(graph: Graph, selected: number, column: string): HTMLElement {
  const rows = graph.nodes.slice(0, TABLE_ROWS).map((node) => {
    const cells = [
      node.column,
      node.label,
      node.broken ? `${node.kind}, broken` : node.kind,
      graph.edges
        .filter((edge) => edge.source === node.key)
        .map((edge) => edge.label || edge.mark)
        .join(", "),
    ];
    return h(
      "tr",
      { "data-do": "node", "data-step": node.step, "aria-current": node.step === selected ? "true" : null },
      ...cells.map((text) => h("td", text)),
    );
  });
  const caption = `Rows 1 to ${rows.length} of ${count(graph.nodes.length)}`;
  return table(caption, [column, "configuration", "process", "events from here"], rows);
}

class StateGraphPart implements Part {
  readonly uses = ["graph", "selected", "theme"] as const;
  readonly element = h("div");
  #tableShown = false;
  #nearest: ((x: number, y: number) => Node | null) | null = null;

  readonly #session: Session;
  readonly #cell: Cell;

  constructor(session: Session, cell: Cell) {
    this.#session = session;
    this.#cell = cell;
    cell.actions["node"] = (element) => session.select(Number(element.getAttribute("data-step")));
    cell.actions["graphTable"] = () => this.#toggleTable();
    cell.actions["overview"] = (element, event) => this.#clickOverview(element, event as MouseEvent);
    cell.listen(
      this.element,
      "change",
      (event) => void session.post({ kind: "group", by: (event.target as HTMLSelectElement).value }),
    );
    cell.listen(this.element, "keydown", (event) => this.#key(event as KeyboardEvent));
    cell.watchWidth(this.element, () => this.draw(), 2);
  }

  draw(): void {
    const graph = read(this.#session.model, "graph");
    if (!graph) {
      this.element.replaceChildren(h("div.cap", h("b", "State graph"), note("nothing to show yet")));
      return;
    }
    keepFocus(this.#cell, () =>
      this.element.replaceChildren(
        this.#head(graph),
        h(
          "div.scroll",
          { tabindex: 0, role: "group", "aria-label": "State graph", "data-focus": "graph" },
          this.#picture(graph),
        ),
        legend(graph),
      ),
    );
  }

  move(by: 1 | -1): boolean {
    const graph = read(this.#session.model, "graph");
    const path = graph ? pathOf(graph).map((key) => graph.nodes.find((node) => node.key === key)!.step) : [];
    const next = path[path.indexOf(this.#session.selected) + by];
    if (next !== undefined) this.#session.select(next);
    return true;
  }

  #head(graph: Graph): HTMLElement {
    const shown =
      graph.shown === graph.total
        ? `${graph.nodes.length < graph.total ? `${count(graph.nodes.length)} groups, ` : ""}all ${plural(graph.total, "configuration")}`
        : `showing ${count(graph.shown)} of ${count(graph.total)}`;
    const options = graph.groupings.map((by) => h("option", { value: by, selected: by === graph.by }, by));
    const select =
      options.length > 1 ? h("select", { "aria-label": "Group by", "data-focus": "group" }, ...options) : null;
    const table = button("graphTable", `Show as ${this.#tableShown ? "picture" : "table"}`, {
      "aria-pressed": String(this.#tableShown),
    });
    return h(
      "div.cap",
      h("b", "State graph"),
      h("span.note.opt", "column: fewest steps from the start"),
      h("span.end", note(shown), select, table),
    );
  }

  #picture(graph: Graph): Element {
    this.#nearest = null;
    if (this.#tableShown) return nodesTable(graph, this.#session.selected, "column");
    const room = this.element.clientWidth || 640;
    if (graph.nodes.length > DRAWN_AS_SVG) {
      const { canvas, nearest } = drawOverview(graph, room, this.#session.selected, this.element);
      this.#nearest = nearest;
      return canvas;
    }
    return drawGraph(graph, room, this.#session.selected, measureOf(this.#cell.section));
  }

  #toggleTable(): void {
    this.#tableShown = !this.#tableShown;
    this.draw();
  }

  closeTable(): boolean {
    const wasShown = this.#tableShown;
    if (wasShown) this.#toggleTable();
    return wasShown;
  }

  #clickOverview(canvas: HTMLElement, event: MouseEvent): void {
    const box = canvas.getBoundingClientRect();
    const node = this.#nearest?.(event.clientX - box.left, event.clientY - box.top);
    if (node) this.#session.select(node.step);
  }

  #key(event: KeyboardEvent): void {
    const node = (event.target as Element).closest("[data-do=node]");
    if (!node || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    this.#session.select(Number(node.getAttribute("data-step")));
  }
}

export function mountStateGraph(model: Model, el: HTMLElement): () => void {
  const make = (session: Session, cell: Cell): MadePart => {
    const part = new StateGraphPart(session, cell);
    const run = (command: Command): boolean => {
      if (command === "previous" || command === "next") return part.move(command === "next" ? 1 : -1);
      return command === "out" && (part.closeTable() || leaveCell(cell));
    };
    return { part, keyboard: { choose: () => undefined, run } };
  };
  return mountSingle(model, el, "graph", "PHASM Lab state graph", make, styles);
}
