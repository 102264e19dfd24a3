/* What crosses for a report: what its search met, as a picture. Its Python twin is phasm_lab/views/search_graph_shapes.py. */

import type { Edge, Node } from "./graph_layout";
import type { Goal, Header, Opening } from "./protocol";

export type BandKind = "up" | "down" | "recovered" | "broken";

export interface SearchGraph {
  header: Header;
  by: string; /* the grouping; "process" is the overview */
  groupings: Grouping[];
  showing: string; /* "showing 60 of 12,431 with marks" */
  overview: boolean; /* every configuration is a dot, and only what is near the run is a node */
  depths: number[]; /* by column: the fewest steps from the start */
  bands: Band[]; /* from top to bottom, those that hold something */
  nodes: SearchNode[]; /* their `step` is their key */
  edges: Edge[];
  path: number[]; /* keys along the run of the finding, [] where there is none */
  step_count: number; /* of that run */
  picked: Picked | null; /* what is told of the selected node */
  finding: number; /* whose run is drawn, -1 for none */
  findings: Opening[]; /* shortest first */
  goals: Goal[];
  goals_note: string;
  not_searched: string[];
}
export interface Grouping {
  by: string;
  words: string;
}
export interface SearchNode extends Node {
  band: BandKind;
  short: string; /* where there is no room for the label */
  count: number; /* configurations that it stands for */
}
export interface Band {
  name: string;
  kind: BandKind;
  row_count: number;
  count: number; /* configurations; 0 where it is no overview */
  counts: number[]; /* by column; [] where it is no overview */
}
export interface Picked {
  node: number;
  title: string;
  lines: string[];
}
