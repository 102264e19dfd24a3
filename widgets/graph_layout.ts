/* Where the nodes and edges of a state graph lie: column = fewest steps from the start, order within it as given. */

import type { Graph } from "./protocol";

export type Node = Graph["nodes"][number] & { short?: string /* where there is no room for the label */ };
export type Edge = Graph["edges"][number];

export interface GraphLayout {
  width: number;
  height: number;
  columns: number;
  x(column: number): number;
  spot(node: Node): { x: number; y: number };
}

const TOP_PX = 60;
const LEFT_PX = 34;

const clamp = (low: number, value: number, high: number): number => Math.max(low, Math.min(high, value));

export function layOutGraph(graph: Graph, room_px: number): GraphLayout {
  const columns = 1 + graph.nodes.reduce((most, node) => Math.max(most, node.column), 0);
  const orders = 1 + graph.nodes.reduce((most, node) => Math.max(most, node.order), 0);
  const small = graph.nodes.length > 500;
  const dx = small
    ? clamp(10, (room_px - 2 * LEFT_PX) / Math.max(1, columns - 1), 60)
    : clamp(50, (room_px - 2 * LEFT_PX) / Math.max(1, columns - 1), 110);
  const dy = small ? clamp(5, 440 / orders, 24) : clamp(48, 360 / orders, 100);
  const x = (column: number): number => LEFT_PX + column * dx;
  return {
    columns,
    width: Math.max(x(columns - 1) + dx / 2 + 8, small ? 0 : 200),
    height: TOP_PX + (orders - 1) * dy + 52,
    x,
    spot: (node) => ({ x: x(node.column), y: TOP_PX + node.order * dy }),
  };
}

export interface Bands {
  bands: { name: string; row_count: number }[];
  depths: number[]; /* by column */
}

/* The same in bands, each with its rows below the last: a row's number counts through all of them. */
export function layOutBands(graph: Graph, { bands, depths }: Bands, room_px: number): GraphLayout & { lines: number[] } {
  const small = graph.nodes.length > 150;
  const rows = bands.reduce((sum, band) => sum + band.row_count, 0);
  const room = (room_px - 2 * LEFT_PX - 8) / Math.max(1, depths.length - 1);
  const dx = small ? clamp(34, room, 60) : clamp(room_px < 600 ? 50 : 64, room, 110);
  const dy = small ? 26 : clamp(56, 400 / rows, 100);
  const x = (column: number): number => LEFT_PX + column * dx;
  const y = (row: number): number => TOP_PX + row * dy;
  const tops = bands.map((_, index) => bands.slice(0, index).reduce((sum, band) => sum + band.row_count, 0));
  return {
    columns: depths.length,
    width: Math.max(x(depths.length - 1) + 44, 200),
    height: y(rows - 1) + 52,
    x,
    spot: (node) => ({ x: x(node.column), y: y(node.order) }),
    lines: tops.map((top) => y(top - 0.5) + 4),
  };
}

/* Steps along the selected path, in order: its nodes carry their number. */
export function pathOf(graph: Graph): number[] {
  const next = new Map(graph.edges.filter((edge) => edge.selected).map((edge) => [edge.source, edge.target]));
  const targets = new Set(next.values());
  const start = [...next.keys()].find((key) => !targets.has(key)) ?? graph.nodes.find((node) => node.column === 0)?.key;
  const found: number[] = [];
  for (let at = start; at !== undefined && !found.includes(at) && found.length <= graph.nodes.length; at = next.get(at))
    found.push(at);
  return next.size ? found : [];
}
