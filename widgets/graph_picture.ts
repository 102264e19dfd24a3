/* The state graph as SVG, for what a person can read; above a thousand nodes as dots on a canvas, for an overview. */

import { h, label, path, plain, s } from "./dom";
import { type Bands, type Edge, type GraphLayout, type Node, layOutBands, layOutGraph, pathOf } from "./graph_layout";
import { mark } from "./marks";
import type { Measure } from "./measure";
import type { Graph } from "./protocol";

const LABELLED = 150;
const NUMBERED = 500;

const edgeClass = (edge: Edge): string =>
  [edge.mark === "crash" ? "crash" : edge.mark === "recover" ? "recover" : "", edge.selected ? "on" : ""]
    .filter(Boolean)
    .join(" ");

interface Place {
  x: number;
  y: number;
}

/* Straight where nothing lies between; else bent away from the nodes of its own line. */
function drawEdge(edge: Edge, from: Place, to: Place, unit: number, gap: number): SVGElement[] {
  const className = edgeClass(edge);
  if (edge.source === edge.target)
    return [
      path(
        `M${from.x - 6} ${from.y - 9}C${from.x - 16} ${from.y - 34} ${from.x + 16} ${from.y - 34} ${from.x + 6} ${from.y - 9}`,
        `gedge ${className}`,
      ),
    ];
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const crowded = (from.y === to.y && Math.abs(to.x - from.x) > unit * 1.5) || to.x < from.x;
  const bend = crowded ? Math.min(46, length / 4) : 0;
  const middle = { x: (from.x + to.x) / 2 - uy * -bend, y: (from.y + to.y) / 2 - bend };
  const [px, py] = bend ? [from.x + ux * 8, from.y - 9] : [from.x + ux * 12, from.y + uy * 12];
  const angle = bend ? Math.atan2(to.y - middle.y, to.x - middle.x) : Math.atan2(uy, ux);
  const [cx, cy] = [Math.cos(angle), Math.sin(angle)];
  const tip = { x: to.x - cx * gap, y: to.y - cy * gap };
  const base = { x: to.x - cx * (gap + 6), y: to.y - cy * (gap + 6) };
  const line = bend ? `M${px} ${py}Q${middle.x} ${middle.y} ${base.x} ${base.y}` : `M${px} ${py}L${base.x} ${base.y}`;
  const drawn: SVGElement[] = [
    path(line, `gedge ${className}`),
    path(
      `M${tip.x} ${tip.y}L${base.x - cy * 4.5} ${base.y + cx * 4.5}L${base.x + cy * 4.5} ${base.y - cx * 4.5}Z`,
      `gtip ${className}`,
    ),
  ];
  if (edge.mark === "crash" || edge.mark === "recover" || edge.mark === "storage" || edge.mark === "rejected") {
    const at = bend
      ? { x: (from.x + 2 * middle.x + to.x) / 4, y: (from.y + 2 * middle.y + to.y) / 4 }
      : { x: (px + base.x) / 2, y: (py + base.y) / 2 };
    drawn.push(s("circle", { cx: at.x, cy: at.y, r: 9, class: "f-ground" }), mark(edge.mark, at.x, at.y, 0.9));
  }
  drawn[0]!.append(s("title", plain(edge.label)));
  return drawn;
}

/* The first line is named above, what is down at its side, all else below: where edges rarely run. */
function nodeLabel(node: Node, at: Place, unit: number, sans: Measure, level: Set<number>): SVGTextElement {
  if (node.broken) return label(at.x, at.y + 32, sans.fit(unit - 4, node.label, node.short, 11, 600), "c halo h f-broken");
  if (node.kind === "down" && unit > 70 && !level.has(node.key))
    return label(at.x + 16, at.y + 4, sans.fit(unit - 30, node.label, node.short), "halo s");
  return label(at.x, at.y + (node.order === 0 ? -17 : 27), sans.fit(unit - 4, node.label, node.short), "c halo s");
}

function drawNode(
  node: Node,
  at: Place,
  number: number,
  isHere: boolean,
  sans: Measure,
  unit: number,
  count: number,
  level: Set<number>,
  isRecovered: boolean,
): SVGGElement {
  const on = number >= 0 ? " on" : "";
  const look = node.kind === "down" ? " down" : isRecovered ? " recover" : "";
  const state = node.broken
    ? ", broken"
    : node.kind === "down"
      ? ", process down"
      : node.kind === "quiescent"
        ? ", quiescent"
        : "";
  const group = s("g", { "data-do": "node", "data-step": node.step });
  const button = {
    role: "button",
    tabindex: count <= LABELLED ? 0 : null,
    "aria-label": `${node.label}${state}, step ${node.step}`,
    "data-focus": `node ${node.key}`,
  };
  group.append(s("title", plain(node.label)));
  if (node.broken)
    group.append(
      s("circle", { cx: at.x, cy: at.y, r: 16, class: "k k-broken f-ground", ...button }),
      mark("broken", at.x, at.y, 1.8),
    );
  else {
    group.append(
      s("circle", { cx: at.x, cy: at.y, r: 10, class: `gnode${look}${on}`, ...button }),
    );
    if (node.kind === "quiescent" && number < 0)
      group.append(s("circle", { cx: at.x, cy: at.y, r: 6, class: "gnode" }));
    if (number >= 0) group.append(label(at.x, at.y + 4, number, "c h"));
  }
  if (isHere) group.append(s("circle", { cx: at.x, cy: at.y, r: node.broken ? 20 : 14, class: "gnode here" }));
  if (count <= LABELLED) group.append(nodeLabel(node, at, unit, sans, level));
  return group;
}

function drawBands({ bands }: Bands, lines: number[], width: number): SVGElement[] {
  return bands.flatMap(({ name }, index) => {
    const y = lines[index]!;
    if (!index) return [];
    return [path(`M12 ${y}H${width - 8}`, "k k-hair"), label(12, y + 16, name, "s h halo")];
  });
}

export function drawGraph(
  graph: Graph,
  room_px: number,
  selected: number,
  sans: Measure,
  banded: Bands | null = null,
): SVGSVGElement {
  const inBands = banded && layOutBands(graph, banded, room_px);
  const layout = inBands ?? layOutGraph(graph, room_px);
  const { width, height } = layout;
  const places = new Map(graph.nodes.map((node) => [node.key, layout.spot(node)]));
  const numbers = new Map(pathOf(graph).map((key, order) => [key, order]));
  const wide = new Set(graph.nodes.filter((node) => node.broken).map((node) => node.key));
  const level = new Set(
    graph.edges.filter((edge) => places.get(edge.source)?.y === places.get(edge.target)?.y).map((edge) => edge.source),
  );
  const unit = layout.x(1) - layout.x(0);
  const words = `${graph.nodes.length} groups in ${layout.columns} columns, ${graph.nodes.filter((node) => node.broken).length} broken`;
  const svg = s("svg.lanes", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": words });
  const step = layout.columns > 60 ? 10 : layout.columns > 24 ? 5 : 1;
  for (let column = 0; column < layout.columns; column += step)
    svg.append(label(layout.x(column), 18, banded?.depths[column] ?? column, "q c"));
  if (inBands) svg.append(...drawBands(banded, inBands.lines, width));
  const edges = [...graph.edges].sort((a, b) => Number(a.selected) - Number(b.selected));
  for (const edge of edges) {
    const [from, to] = [places.get(edge.source), places.get(edge.target)];
    if (from && to) svg.append(...drawEdge(edge, from, to, unit, wide.has(edge.target) ? 22 : 14));
  }
  const recovered = new Set(graph.edges.filter((edge) => edge.mark === "recover").map((edge) => edge.target));
  const nodes = s("g.gnodes");
  for (const node of graph.nodes) {
    const number = graph.nodes.length <= NUMBERED ? (numbers.get(node.key) ?? -1) : -1;
    nodes.append(
      drawNode(
        node,
        places.get(node.key)!,
        number,
        node.step === selected,
        sans,
        unit,
        graph.nodes.length,
        level,
        recovered.has(node.key),
      ),
    );
  }
  svg.append(nodes);
  return svg;
}

/* A canvas does not know CSS variables: each colour is asked for once. */
export function colourOf(within: HTMLElement, name: string): string {
  const probe = h("i", { style: `color:var(--phl-${name})` });
  within.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

export function drawOverview(
  graph: Graph,
  room_px: number,
  selected: number,
  within: HTMLElement,
): { canvas: HTMLCanvasElement; nearest(x: number, y: number): Node | null } {
  const layout: GraphLayout = layOutGraph(graph, room_px);
  const scale = window.devicePixelRatio || 1;
  const canvas = h("canvas", {
    role: "img",
    "data-do": "overview",
    "aria-label": `${graph.nodes.length} groups in ${layout.columns} columns, ${graph.nodes.filter((node) => node.broken).length} broken. A table holds the same.`,
  });
  const height = Math.min(layout.height, 2000);
  canvas.width = layout.width * scale;
  canvas.height = height * scale;
  canvas.style.width = `${layout.width}px`;
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext("2d");
  const places = new Map(graph.nodes.map((node) => [node.key, layout.spot(node)]));
  if (pen) {
    pen.scale(scale, scale);
    pen.lineWidth = 0.5;
    for (const [isOn, name] of [
      [false, "line-2"],
      [true, "ink"],
    ] as const) {
      pen.strokeStyle = colourOf(within, name);
      pen.lineWidth = isOn ? 2 : 0.4;
      pen.beginPath();
      for (const edge of graph.edges) {
        const [from, to] = [places.get(edge.source), places.get(edge.target)];
        if (edge.selected !== isOn || !from || !to) continue;
        pen.moveTo(from.x, from.y);
        pen.lineTo(to.x, to.y);
      }
      pen.stroke();
    }
    const colours = {
      up: colourOf(within, "transition"),
      down: colourOf(within, "crash"),
      quiescent: colourOf(within, "ok"),
      broken: colourOf(within, "broken"),
      ink: colourOf(within, "ink"),
    };
    for (const node of graph.nodes) {
      const { x, y } = places.get(node.key)!;
      const half = node.broken ? 3 : 1.5;
      pen.fillStyle = node.broken ? colours.broken : colours[node.kind];
      pen.fillRect(x - half, y - half, half * 2, half * 2);
      if (node.step !== selected) continue;
      pen.strokeStyle = colours.ink;
      pen.strokeRect(x - 6, y - 6, 12, 12);
    }
  }
  const nearest = (x: number, y: number): Node | null => {
    let best: Node | null = null;
    let least = 20;
    for (const node of graph.nodes) {
      const at = places.get(node.key)!;
      const distance = Math.hypot(at.x - x, at.y - y);
      if (distance < least) [best, least] = [node, distance];
    }
    return best;
  };
  return { canvas, nearest };
}
