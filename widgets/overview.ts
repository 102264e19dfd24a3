/* Everything that a search met, on one canvas: dots stacked on a base line for each band and column, so that the outline is a
   histogram, and the run to what is broken drawn through it. */

import { count, h, plural } from "./dom";
import { colourOf } from "./graph_picture";
import { octagon } from "./marks";
import type { Band, BandKind, SearchGraph, SearchNode } from "./search_graph_protocol";

const PITCHES_PX = [7, 5, 3.5, 2.3]; /* from dot to dot; the largest for which there is room */
const DOTS_HEIGHT_PX = 300;
const NARROW_PX = 600;
const EACH = [1, 4, 10, 40, 100, 400, 1000, 4000, 10000, 40000, 100000];
const COLOURS: Record<BandKind, string> = { up: "transition", down: "crash", recovered: "recover", broken: "broken" };

export interface OverviewLayout {
  narrow: boolean;
  each: number; /* configurations that one dot stands for */
  pitch: number; /* pixels from dot to dot */
  per: number; /* dots side by side in a column */
  left: number;
  columnWidth: number;
  bases: number[]; /* by band: the line that its dots stand on */
  height: number;
}

const rowsOf = ({ counts }: Band, each: number, per: number): number =>
  Math.ceil(Math.ceil(Math.max(...counts) / each) / per);

export function layOutOverview({ bands, depths }: SearchGraph, room_px: number): OverviewLayout {
  const narrow = room_px < NARROW_PX;
  const left = narrow ? 12 : 116;
  const columnWidth = (room_px - left - 16) / depths.length;
  const perOf = (pitch: number): number => Math.max(1, Math.floor((columnWidth - 5) / pitch));
  const tall = (pitch: number, each: number): number =>
    bands.reduce((sum, band) => sum + rowsOf(band, each, perOf(pitch)), 0) * pitch;
  const fits = (pitch: number, each: number): boolean => tall(pitch, each) <= DOTS_HEIGHT_PX;
  const counts = EACH.filter((many) => many >= (narrow ? 4 : 1));
  const pitch = PITCHES_PX.find((one) => fits(one, counts[0]!)) ?? PITCHES_PX.at(-1)!;
  const each = counts.find((many) => fits(pitch, many)) ?? counts.at(-1)!;
  const per = perOf(pitch);
  let y = 4;
  const bases = bands.map((band) => (y += Math.max(26, rowsOf(band, each, per) * pitch) + (narrow ? 22 : 20)));
  return { narrow, each, pitch, per, left, columnWidth, bases, height: y + 36 };
}

/* A little above the dots of a column, where a ring can be told from them. */
export function ringY({ bases, each, per, pitch }: OverviewLayout, { counts }: Band, index: number, column: number): number {
  const rows = Math.ceil(Math.ceil(counts[column]! / each) / per);
  return bases[index]! - rows * pitch - 3.5;
}

export const unitWords = (each: number): string =>
  each === 1 ? "one dot, one configuration" : `one dot, ${count(each)} configurations`;

export interface Overview {
  canvas: HTMLCanvasElement;
  each: number;
  nearest(x: number, y: number): SearchNode | null;
  told(x: number, y: number): string;
}

interface Spot {
  node: SearchNode;
  x: number;
  y: number;
}

class Drawing {
  readonly spots: Spot[] = [];
  readonly #graph: SearchGraph;
  readonly #layout: OverviewLayout;
  readonly #pen: CanvasRenderingContext2D;
  readonly #family: string;
  readonly #colour: (name: string) => string;

  constructor(graph: SearchGraph, layout: OverviewLayout, pen: CanvasRenderingContext2D, family: string, within: HTMLElement) {
    this.#graph = graph;
    this.#layout = layout;
    this.#pen = pen;
    this.#family = family;
    const known = new Map<string, string>();
    this.#colour = (name) => {
      if (!known.has(name)) known.set(name, colourOf(within, name));
      return known.get(name)!;
    };
  }

  draw(room_px: number, selected: number): void {
    this.#graph.bands.forEach((band, index) => this.#drawBand(band, this.#layout.bases[index]!, room_px));
    this.#drawAxis();
    this.#drawMarks();
    this.#drawPath();
    this.#graph.bands.forEach((band, index) => this.#nameBand(band, this.#layout.bases[index]!));
    const picked = this.spots.find((spot) => spot.node.key === selected);
    if (picked) this.#circle(picked.x, picked.y, 9, null, this.#colour("ink"));
  }

  #drawBand({ counts, kind }: Band, base: number, room_px: number): void {
    const { left, columnWidth, per, each, pitch } = this.#layout;
    const size = pitch * 0.78;
    const pen = this.#pen;
    pen.fillStyle = this.#colour("line");
    pen.fillRect(left, base + 3, room_px - 16 - left, 1);
    pen.fillStyle = this.#colour(COLOURS[kind]);
    counts.forEach((many, column) => {
      const x = left + column * columnWidth + 3;
      for (let dot = 0; dot < Math.ceil(many / each); dot += 1)
        pen.fillRect(x + (dot % per) * pitch, base + 1.8 - size - Math.floor(dot / per) * pitch, size, size);
    });
  }

  #nameBand({ name, kind, count: many }: Band, base: number): void {
    const ink = this.#colour(kind === "broken" ? "broken" : "ink");
    if (this.#layout.narrow) return this.#write(`${name} ${count(many)}`, this.#layout.left, base + 16, ink, 600);
    this.#write(name, 12, base - 8, ink, 600);
    this.#write(count(many), 12, base + 6, this.#colour("ink-2"));
  }

  #drawAxis(): void {
    const { left, columnWidth, height } = this.#layout;
    const { depths } = this.#graph;
    const step = [1, 2, 5, 10, 20, 50, 100].find((every) => every * columnWidth >= 26) ?? 200;
    for (let column = 0; column < depths.length; column += step)
      this.#write(String(depths[column]), left + (column + 0.5) * columnWidth, height - 8, this.#colour("ink-3"), 400, "center", 10);
  }

  #bandOf(node: SearchNode): number {
    return this.#graph.bands.findIndex((band) => band.kind === node.band);
  }

  #base(node: SearchNode): number {
    return this.#layout.bases[this.#bandOf(node)]!;
  }

  /* Small rings for what is near the run, as many as there is room for. */
  #drawMarks(): void {
    const { left, columnWidth, narrow } = this.#layout;
    const [pitch, radius] = narrow ? [3.6, 1.4] : [6.5, 2.4];
    const onPath = new Set(this.#graph.path);
    const taken = new Map<string, number>();
    for (const node of this.#graph.nodes) {
      if (onPath.has(node.key)) continue;
      const cell = `${node.band} ${node.column}`;
      const order = taken.get(cell) ?? 0;
      const offset = (narrow ? 4 : 7) + order * pitch;
      taken.set(cell, order + 1);
      if (offset + radius > columnWidth) continue;
      const index = this.#bandOf(node);
      const y = ringY(this.#layout, this.#graph.bands[index]!, index, node.column);
      const spot = { node, x: left + node.column * columnWidth + offset, y };
      this.spots.push(spot);
      this.#circle(spot.x, spot.y, radius, this.#colour("ground"), this.#colour(node.broken ? "broken" : "ink"));
    }
  }

  #drawPath(): void {
    const { left, columnWidth } = this.#layout;
    const nodes = new Map(this.#graph.nodes.map((node) => [node.key, node]));
    const spots = this.#graph.path.map((key) => {
      const node = nodes.get(key)!;
      return { node, x: left + (node.column + 0.5) * columnWidth, y: this.#base(node) - (node.broken ? 4 : 18) };
    });
    this.spots.push(...spots);
    for (const [width_px, name] of [[5, "ground"], [2, "ink"]] as const) {
      this.#pen.lineWidth = width_px;
      this.#pen.strokeStyle = this.#colour(name);
      this.#pen.beginPath();
      for (const { x, y } of spots) this.#pen.lineTo(x, y);
      this.#pen.stroke();
    }
    for (const { node, x, y } of spots)
      if (!node.broken) this.#circle(x, y, 5, this.#colour("ground"), this.#colour(node.kind === "down" ? "crash" : "ink"));
    const end = spots.find(({ node }) => node.broken);
    if (end) this.#drawBroken(end);
  }

  #drawBroken({ x, y }: Spot): void {
    const pen = this.#pen;
    pen.save();
    pen.translate(x, y);
    pen.fillStyle = this.#colour("broken");
    pen.fill(new Path2D(octagon(8)));
    pen.strokeStyle = this.#colour("ground");
    pen.lineWidth = 2;
    pen.stroke(new Path2D("M-3 -3L3 3M3 -3L-3 3"));
    pen.restore();
    const words = `${this.#layout.narrow ? "" : "broken after "}${plural(this.#graph.step_count, "step")}`;
    const isRight = x > this.#layout.left + this.#graph.depths.length * this.#layout.columnWidth * 0.75;
    this.#write(words, x + (isRight ? -14 : 14), y - 14, this.#colour("broken"), 600, isRight ? "right" : "left");
  }

  #circle(x: number, y: number, radius: number, fill: string | null, stroke: string): void {
    const pen = this.#pen;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 7);
    if (fill) {
      pen.fillStyle = fill;
      pen.fill();
    }
    pen.lineWidth = 1.5;
    pen.strokeStyle = stroke;
    pen.stroke();
  }

  #write(text: string, x: number, y: number, colour: string, weight = 400, align: CanvasTextAlign = "left", size_px = 11): void {
    const pen = this.#pen;
    pen.font = `${weight} ${size_px}px ${this.#family}`;
    pen.textAlign = align;
    pen.lineJoin = "round";
    pen.lineWidth = 4;
    pen.strokeStyle = this.#colour("ground");
    pen.strokeText(text, x, y);
    pen.fillStyle = colour;
    pen.fillText(text, x, y);
  }
}

function said({ bands, step_count }: SearchGraph): string {
  const total = bands.reduce((sum, band) => sum + band.count, 0);
  const broken = bands.find((band) => band.kind === "broken")?.count ?? 0;
  const bad = broken ? ` ${count(broken)} are broken, the run drawn has ${plural(step_count, "step")}.` : " None is broken.";
  return `${plural(total, "configuration")} in ${bands.length} bands by fewest steps.${bad} A table holds the same counts.`;
}

export function drawOverview(graph: SearchGraph, room_px: number, family: string, within: HTMLElement): Overview {
  const layout = layOutOverview(graph, room_px);
  const { left, columnWidth, bases, each, height } = layout;
  const scale = window.devicePixelRatio || 1;
  const canvas = h("canvas", { role: "img", "data-do": "overview", "aria-label": said(graph) });
  canvas.width = room_px * scale;
  canvas.height = height * scale;
  canvas.style.width = `${room_px}px`;
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext("2d");
  const drawing = pen && new Drawing(graph, layout, pen, family, within);
  pen?.scale(scale, scale);
  drawing?.draw(room_px, graph.picked?.node ?? -1);
  const nearest = (x: number, y: number): SearchNode | null => {
    const away = (spot: Spot): number => Math.hypot(spot.x - x, spot.y - y);
    const best = [...(drawing?.spots ?? [])].sort((one, other) => away(one) - away(other))[0];
    return best && away(best) < 12 ? best.node : null;
  };
  const told = (x: number, y: number): string => {
    const column = Math.floor((x - left) / columnWidth);
    const index = bases.findIndex((base) => y <= base + 4);
    const many = graph.bands[index]?.counts[column];
    return many ? `${graph.bands[index]!.name}, ${plural(graph.depths[column]!, "step")}: ${plural(many, "configuration")}` : "";
  };
  return { canvas, each, nearest, told };
}
