/* A report as a picture: what its search met, in columns of fewest steps and bands of what the process does, and what it found. */

import { Cell, keepFocus } from "./cell";
import { button, count, h, note, plural, table } from "./dom";
import type { Node } from "./graph_layout";
import { drawGraph } from "./graph_picture";
import styles from "./graph.css";
import { type Command, listenToKeys } from "./keys";
import { icon } from "./marks";
import { measureOf } from "./measure";
import { type Model, read } from "./model";
import { type Overview, drawOverview, unitWords } from "./overview";
import { type PostBody, type Poster, posterFor } from "./post";
import { drawReport, drawVerdict } from "./search_graph_report";
import type { SearchGraph } from "./search_graph_protocol";
import searchStyles from "./search.css";
import { leaveCell } from "./single";
import { drawLegend, nodesTable, ring, stroke } from "./state_graph";
import { followTheme } from "./theme";

const WATCHED = ["search_graph", "answer", "theme", "read_only"];

class SearchGraphPart {
  readonly element = h("div");
  readonly #model: Model;
  readonly #cell: Cell;
  readonly #poster: Poster;
  readonly #updateTheme: () => void;
  #tableShown = false;
  #isCut = false;
  #overview: Overview | null = null;

  constructor(model: Model, cell: Cell) {
    this.#model = model;
    this.#cell = cell;
    this.#poster = posterFor(model);
    const theme = followTheme(cell.host, () => read(model, "theme") ?? "auto");
    this.#updateTheme = theme.update;
    cell.defer(theme.dispose);
    cell.add(this.element);
    cell.actions["node"] = (element) => this.#pick(Number(element.getAttribute("data-step")));
    cell.actions["graphTable"] = () => this.#toggleTable();
    cell.actions["around"] = () => this.#post({ kind: "group", by: "neighbourhood" });
    cell.actions["showRun"] = (element) => this.#post({ kind: "open", run: element.dataset["run"]! });
    cell.actions["overview"] = (_, event) => this.#clickOverview(event as MouseEvent);
    cell.listen(this.element, "change", (event) => this.#post({ kind: "group", by: (event.target as HTMLSelectElement).value }));
    cell.listen(this.element, "keydown", (event) => this.#key(event as KeyboardEvent));
    cell.listen(this.element, "mousemove", (event) => this.#tell(event as MouseEvent));
    for (const name of WATCHED) this.#watch(name);
    this.#watchLook();
    this.draw();
  }

  get #graph(): SearchGraph {
    return read(this.#model, "search_graph")!;
  }

  draw(): void {
    const graph = this.#graph;
    const { name, summary, verdict } = graph.header;
    const pic = h("div.pic");
    keepFocus(this.#cell, () => {
      this.element.replaceChildren(
        h("header.head", h("h2", { title: name }, name), h("span.sub", summary), graph.overview ? drawVerdict(verdict!) : null),
        ...this.#strips(),
        h("div", { class: `two${graph.overview ? " wide" : ""}` }, pic, drawReport(graph, this.#readOnly)),
      );
      /* The picture is as wide as the room that the page gives it. */
      const picture = this.#picture(graph, pic.clientWidth || this.element.clientWidth || 636);
      const scroll = { tabindex: 0, role: "group", "aria-label": "State graph", "data-focus": "graph" };
      pic.append(this.#caption(graph), h("div.scroll", scroll, picture), ...this.#picked(graph), this.#legend(graph));
    });
  }

  get #readOnly(): boolean {
    return read(this.#model, "read_only") ?? false;
  }

  #strips(): HTMLElement[] {
    const problem = read(this.#model, "answer")?.problem;
    const cut = h("div.strip", icon("unreached"), h("span", "No kernel. Looking works, other groupings do not."));
    const words = problem && h("div.words", h("p.t", problem.title), ...problem.lines.map((line) => h("p", line)));
    const wrong = words && h("div.strip.problem", { role: "group", "aria-label": "Not done" }, icon("storage"), words);
    return [...(this.#isCut ? [cut] : []), ...(wrong ? [wrong] : [])];
  }

  #caption(graph: SearchGraph): HTMLElement {
    const options = graph.groupings.map(({ by, words }) => h("option", { value: by, selected: by === graph.by }, words));
    const select = this.#readOnly ? null : h("select", { "aria-label": "Group by", "data-focus": "group" }, ...options);
    const unit = this.#overview
      ? [h("span.note", unitWords(this.#overview.each)), h("span.note.opt", "column: fewest steps")]
      : [h("span.note.opt", "column: fewest steps from the start")];
    return h("div.cap", h("b", graph.overview ? "Overview" : "State graph"), ...unit, h("span.end", note(graph.showing), select));
  }

  #picture(graph: SearchGraph, room_px: number): Element {
    this.#overview = null;
    if (this.#tableShown) return graph.overview ? countsTable(graph) : this.#nodesTable(graph);
    const sans = measureOf(this.#cell.section);
    if (!graph.overview) return drawGraph(asGraph(graph), room_px, graph.picked?.node ?? -1, sans, graph);
    this.#overview = drawOverview(graph, room_px, sans.family, this.element);
    return this.#overview.canvas;
  }

  #nodesTable(graph: SearchGraph): HTMLElement {
    const nodes = graph.nodes.map((node) => ({ ...node, column: graph.depths[node.column]! }));
    return nodesTable({ ...asGraph(graph), nodes }, graph.picked?.node ?? -1, "fewest steps");
  }

  #picked({ picked, by }: SearchGraph): HTMLElement[] {
    if (!picked) return [];
    const [first, ...others] = picked.lines;
    const around =
      by === "none" || by === "process" || by === "neighbourhood" ? button("around", "What is near it", {}, "sm line") : h("span");
    const lines = others.map((line) => h("code", line));
    return [h("div.picked", h("span", h("b", picked.title), " ", note(first!)), around, ...lines)];
  }

  #legend(graph: SearchGraph): HTMLElement {
    const table = button("graphTable", `Show as ${this.#tableShown ? "picture" : "table"}`, { "aria-pressed": String(this.#tableShown) });
    const drawn = graph.overview
      ? h("div.legend", graph.path.length ? h("span", stroke("on"), this.#run(graph)) : null, h("span", ring("on", false, 2.4), graph.path.length ? "near it" : "near the start"), graph.path.length ? h("span", icon("broken"), "broken") : null)
      : drawLegend(this.#run(graph));
    drawn.append(h("span.end", table));
    return drawn;
  }

  #run({ step_count, path }: SearchGraph): string {
    return path.length ? `run, ${plural(step_count, "step")}` : "";
  }

  /* What is chosen. */

  #post(body: PostBody): void {
    const isCut = this.#poster.post(body) === 0;
    if (isCut === this.#isCut) return;
    this.#isCut = isCut;
    this.draw();
  }

  #pick(node: number): void {
    if (!this.#readOnly) this.#post({ kind: "goto", step: node });
  }

  move(by: 1 | -1): boolean {
    const { path, picked } = this.#graph;
    const at = path.indexOf(picked?.node ?? -1);
    const next = at < 0 ? path[0] : path[at + by];
    if (next !== undefined) this.#pick(next);
    return path.length > 0;
  }

  show(digit: number): void {
    if (digit <= this.#graph.findings.length && !this.#readOnly) this.#post({ kind: "open", run: String(digit - 1) });
  }

  closeTable(): boolean {
    const wasShown = this.#tableShown;
    if (wasShown) this.#toggleTable();
    return wasShown;
  }

  #toggleTable(): void {
    this.#tableShown = !this.#tableShown;
    this.draw();
  }

  #clickOverview(event: MouseEvent): void {
    const node: Node | null = this.#overview?.nearest(...this.#at(event)) ?? null;
    if (node) this.#pick(node.key);
  }

  #tell(event: MouseEvent): void {
    const canvas = this.#overview?.canvas;
    if (!canvas || event.target !== canvas) return;
    const node = this.#overview!.nearest(...this.#at(event));
    canvas.title = node ? node.label : this.#overview!.told(...this.#at(event));
    canvas.style.cursor = node ? "pointer" : "";
  }

  #at(event: MouseEvent): [number, number] {
    const box = this.#overview!.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  #key(event: KeyboardEvent): void {
    const node = (event.target as Element).closest("[data-do=node]");
    if (!node || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    this.#pick(Number(node.getAttribute("data-step")));
  }

  /* What changes. */

  #watch(name: string): void {
    const heard = (): void => {
      if (name === "theme") this.#updateTheme();
      const { picked, showing } = this.#graph;
      if (name === "search_graph") this.#cell.say(picked ? `${picked.title}. ${picked.lines[0]}.` : showing);
      this.draw();
    };
    this.#model.on(`change:${name}`, heard);
    this.#cell.defer(() => this.#model.off(`change:${name}`, heard));
  }

  /* A canvas keeps the colours and the width that it was drawn with. */
  #watchLook(): void {
    const themes = new MutationObserver(() => this.draw());
    themes.observe(this.#cell.host, { attributeFilter: ["data-theme", "data-ground"] });
    this.#cell.defer(() => themes.disconnect());
    this.#cell.watchWidth(this.element, () => this.draw(), 2);
  }
}

const asGraph = ({ nodes, edges, by }: SearchGraph): Parameters<typeof drawGraph>[0] => ({
  nodes,
  edges,
  by,
  shown: nodes.length,
  total: nodes.length,
  groupings: [],
});

function countsTable({ bands, depths }: SearchGraph): HTMLElement {
  const rows = depths.map((depth, column) => h("tr", ...[depth, ...bands.map((band) => count(band.counts[column]!))].map((text) => h("td", text))));
  const heads = ["fewest steps", ...bands.map((band) => `${band.name}, ${count(band.count)}`)];
  return table("Configurations by fewest steps", heads, rows);
}

export function mountSearchGraph(model: Model, el: HTMLElement): () => void {
  const { header } = read(model, "search_graph")!;
  const cell = new Cell(el, "graph report", `PHASM Lab state graph, ${header.name}`, styles + searchStyles);
  const part = new SearchGraphPart(model, cell);
  const run = (command: Command): boolean => {
    if (command === "previous" || command === "next") return part.move(command === "next" ? 1 : -1);
    return command === "out" && (part.closeTable() || leaveCell(cell));
  };
  listenToKeys(cell, { choose: (digit) => part.show(digit), run });
  return () => cell.dispose();
}
