/* What crosses between the kernel and the browser. Its Python twin is phasm_lab/views/, one function for each shape below.
   Everything is plain JSON; every string is text, never markup. */

import type { SearchGraph } from "./search_graph_protocol";

/* Traits that Python writes and the browser reads. Small enough to be stored in the notebook. */
export interface Traits {
  part: "explorer" | "timeline" | "choices" | "state_panel" | "state_graph" | "search_graph" | "crash_matrix" | "comparison";
  view: View; /* the selected step */
  timeline: Timeline; /* a window of rows of the selected branch */
  tree: Tree; /* the history, for the branch strip */
  graph: Graph | null; /* only where part is state_graph */
  search_graph: SearchGraph; /* only where part is search_graph */
  search: Search | null; /* only where part is explorer: the last search of the scenario */
  matrix: Matrix | null; /* only where part is crash_matrix */
  comparison: Comparison | null; /* two runs side by side; of the explorer those to the marked steps */
  other_bundle: string; /* what draws a part inside this one, "" until it is asked for */
  selected: number; /* step number of the selected step; the browser may write it, widgets may be linked by it */
  answer: Answer; /* what became of the last thing posted */
  theme: "auto" | "light" | "dark";
  outbox: Post[]; /* only where the host has no model.send: posts not yet acknowledged */
  acknowledged: number; /* serial of the last post that Python took out of the outbox */
  place: string; /* class of the table that a notebook stores in place of the widget */
  read_only: boolean; /* a saved page: looking works, choices do not */
}

/* Messages from the browser. `serial` counts up from 1 in each widget instance. `at` is the step the person was looking at. */
export type Post = { serial: number; inside?: boolean /* by a part inside the widget */ } & (
  | { kind: "ready" }
  | { kind: "take"; at: number; choice: string; loses: string[] }
  | { kind: "fire"; at: number; type: string; fields: Record<string, string>; choice: string }
  | { kind: "goto"; step: number }
  | { kind: "back" }
  | { kind: "run" } /* no further faults: on to quiescence */
  | { kind: "rows"; first: number; count: number } /* answered by a new timeline window */
  | { kind: "find"; text: string } /* answered by timeline.found */
  | { kind: "name"; step: number; name: string } /* name the branch that ends at or passes through this step */
  | { kind: "without"; step: number } /* what if this step had not happened: a new branch */
  | { kind: "group"; by: string } /* StateGraph: how to group */
  | { kind: "check" } /* search the scenario */
  | { kind: "stop" } /* end the search; what was found stays */
  | { kind: "list_runs" } /* answered by search.runs */
  | { kind: "open"; run: string } /* open a run of the search as a branch, by its id; CrashMatrix: a cell's worst recovery, in a lab */
  | { kind: "fill" } /* CrashMatrix: go on with what is not searched; "stop" ends that, too */
  | { kind: "put"; side: SideName; cell: string } /* CrashMatrix: show the worst recovery of a cell on one side */
  | { kind: "choose"; side: SideName; run: string } /* CrashMatrix: show another of the runs that a side offers */
  | { kind: "swap" } /* the sides of a comparison */
  | { kind: "compared_rows"; first: number; count: number } /* answered by other rows of the comparison */
  | { kind: "compare"; left: number; right: number } /* lay the runs to two steps side by side */
);

export interface Answer {
  serial: number; /* of the post that this answers */
  problem: Problem | null;
}
export interface Problem {
  title: string; /* what was asked and what is the case */
  lines: string[]; /* what to do, choices */
  fields: Record<string, string>; /* form field -> what is wrong with it */
}

export type Mark =
  | "input" | "transition" | "commit" | "rejected" | "tracked" | "untracked" | "crash" | "recover" | "storage"
  | "ok" | "broken" | "unreached" | "dot";

export interface View {
  step: number; /* the selected step */
  newest: number; /* the last step of the selected branch */
  row: number; /* index of the selected step among the rows of the branch */
  header: Header;
  choices: Choices;
  panel: Panel;
  python: string; /* the line of Python that made this step */
  test: string; /* the whole run as lines of a pytest function */
  say: string; /* one sentence, spoken once */
}
export interface Header {
  name: string; /* "payments" */
  summary: string; /* "2 inputs · 1 crash" */
  verdict: Verdict | null; /* of the selected run */
}
export interface Verdict {
  kind: "broken" | "ok" | "run";
  text: string; /* "broken: 2 findings" */
  more: string; /* "4,565 configurations · complete for 1 crash" */
  label: string; /* the whole sentence */
}

export interface Choices {
  note: string; /* "at step 7 of 9" */
  empty: string; /* shown in the preview where nothing can be chosen: "Nothing can happen here: quiescent." */
  groups: Group[]; /* always the same five, in this order */
}
export interface Group {
  key: "inputs" | "in_flight" | "results" | "crash" | "storage";
  title: string; /* "Inputs" */
  note: string; /* "Pay · 1 of 2 left, in order" */
  forms: Form[];
  items: { note: string; chips: Chip[] }[];
  ruler: Ruler[]; /* one for each transition that could run next */
  loses: { id: string; text: string }[]; /* what a crash may take from the wire: toggles, sent as `loses` */
  off_lead: string; /* "off:" or "used:" */
  off: { text: string; reason: string }[]; /* impossible now: plain grey words */
}
export interface Form {
  type: string; /* "Pay" */
  fields: { name: string; annotation: string; value: string }[]; /* value is a Python literal */
  editable: boolean; /* may be fired once a value differs, also where the chip is not enabled */
  chip: Chip;
}
export interface Ruler {
  title: string; /* "Pay('bob', 120)" */
  places: Place[]; /* the life of the transition from left to right */
  words: { text: string; first: number; last: number }[]; /* captions below places first..last (indexes into places) */
}
export type Place = { mark: Mark; chip: null } | { mark: null; chip: Chip };
export interface Chip {
  id: string; /* names the event: send it back as it is */
  text: string; /* "deliver #1" */
  mark: Mark | null;
  enabled: boolean;
  reason: string; /* why not, in full */
  title: string; /* "deliver #1, charged, from 3" */
  label: string; /* for assistive technology: "deliver result 1, late, from step 3" */
  preview: { lines: { sign: Sign; text: string }[]; more: number; emits: string; breaks: string };
  python: string;
  taken: number; /* the step where this choice leads if it was taken before from here, else -1 */
}
export type Sign = "+" | "-" | "~" | " ";

export interface Panel {
  title: string; /* "7 · perform #1, charged" */
  subtitle: string;
  sections: Section[]; /* the diff tab */
  properties: PropertyLine[];
  full: { title: string; note: string; items: { depth: number; key: string; value: string; bad: boolean }[]; more: number }[];
  code: Code | null;
}
export interface Section {
  title: string; /* "state", "card network", "in flight", or a table's name */
  note: string; /* "durable", "outside" or "" */
  unchanged: string; /* a sentence in place of lines, or "" */
  lines: { sign: Sign; path: string; old: string; value: string; bad: boolean }[];
  more: number; /* lines left out */
}
export interface PropertyLine {
  name: string; /* the function's name as it is */
  kind: "always" | "when_quiescent" | "sometimes" | "rule";
  state: "holds" | "broken" | "not judged" | "reached" | "not reached";
  sentence: string; /* why it is broken */
  since: number; /* step where it broke first on this branch, or -1 */
}
export interface Code {
  name: string; /* "stf", "restore", "perform" */
  note: string;
  file: string;
  lines: { number: number; text: string; ran: boolean; now: boolean; note: string }[];
  boundary: { mark: Mark; text: string } | null;
}

export interface Timeline {
  branch: number; /* step number of the last step of the branch */
  row_count: number;
  first: number; /* row index of rows[0] */
  rows: Row[];
  threads: Thread[]; /* those that touch this window */
  outline: string; /* one letter a row of the whole branch: S start F fire D dispatch P perform V deliver X crash R recover
                      L lose U duplicate E delay; lower case: rejected, failed or broken here first (never folded);
                      b: broken here first by a step that needs the process up */
  systems: string[]; /* names of the outside lanes: ["card network"] */
  found: { text: string; rows: number[] } | null;
}
export interface Row {
  step: number; /* step number (what goto takes) */
  kind: "start" | "fire" | "dispatch" | "perform" | "deliver" | "crash" | "recover" | "lose" | "duplicate" | "delay";
  result: "" | "committed" | "rejected" | "failed" | "unknown" | "down"; /* of a transition; failed: an injected fault; unknown: committed, not acknowledged, process down; down: crashed inside */
  label: string; /* "Pay(ada, 500)", "request #1", "charged ×2", "result #1" */
  short: string;
  emits: { text: string; short: string; again: number }[]; /* tracked, in order; again: step that emitted this id first, else -1, also where that was another kind of action */
  untracked: string[];
  why: string; /* rejection: "KeyError: 1"; crash inside a transition: the crash point's name */
  late: number; /* deliver: the step before a crash that put this result on the wire, else -1 */
  system: number; /* perform: index into systems */
  lane: "" | "request" | "result" | "queue"; /* lose, duplicate, delay: which kind of thing */
  twin: number; /* perform: row index of an earlier perform of the same id and kind, else -1 */
  lost: string[]; /* crash: what it took: "tell ada", "request #1" */
  holds: string; /* crash: ids the state remembers, one a line */
  own: 0 | 1 | 2 | 3; /* user properties: 0 none, 1 hold, 2 broken here first, 3 still broken */
  rules: 0 | 1 | 2 | 3; /* the rules of PHASM, in the same way */
  declared: boolean; /* false: "not in the scenario" */
  fault: string; /* injected storage fault: "access 2 fails", else "" */
  say: string; /* the full sentence */
}
export interface Thread {
  kind: "queue" | "request" | "result" | "keep"; /* keep: an id that the state remembers, drawn inside the pillar */
  id: string; /* "#1" */
  from: number; /* row index where it begins */
  to: number; /* row index where it ends, or -1: still open at the end of the branch */
  end: "used" | "lost" | "open";
  slot: number; /* which of the parallel tracks, so that threads do not overlap */
  tracked: boolean;
}

export interface Tree {
  step_count: number;
  segments: { parent: number; depth: number; steps: number[]; kinds: string }[]; /* kinds: letters as in outline */
  names: { step: number; name: string }[];
  selected: number;
  newest: number;
}

export interface Graph {
  nodes: { key: number; label: string; column: number; order: number; kind: "up" | "down" | "quiescent"; broken: boolean; step: number }[];
  edges: { source: number; target: number; mark: Mark; label: string; selected: boolean }[];
  shown: number;
  total: number;
  by: string; /* current grouping */
  groupings: string[];
}

/* The search of the scenario: written several times a second while it goes on. Of the scenario, whichever step is selected. */
export interface Search {
  state: "searching" | "ending" | "ended"; /* ending: asked to stop, and what was found is being put together */
  verdict: Verdict; /* in place of the one in the header */
  progress: Progress;
  findings: Opening[]; /* shortest first */
  goals: Goal[]; /* those below are empty until the search has ended */
  goals_note: string; /* "2 of 3 reached" */
  runs_note: string; /* "5, there are no more"; empty until runs were asked for */
  not_searched: string[]; /* sentences */
  runs: Opening[] | null; /* different runs, null until asked for */
  problem: Problem | null; /* why it could not go on */
}
export interface Goal {
  name: string;
  reached: boolean;
}
export interface Progress {
  count: number; /* configurations met */
  limit: number; /* of at most so many */
  depth: number;
  waiting: number; /* met and not yet looked at */
  rate: number; /* configurations a second */
  left_s: number; /* seconds to the limit, at most */
}
export interface Opening {
  id: string; /* send it back as it is */
  title: string; /* the slug of a finding, or what is different in a run */
  message: string;
  step_count: number;
  step: number; /* the step at its end if the history holds the run, else -1 */
  numbers: string; /* of its steps in the history: "1, 8 to 12" */
}

/* A crash matrix as far as it is searched: a row for each step of the crash-free run, a column for each kind of crash point. */
export interface Matrix {
  name: string; /* of the scenario */
  note: string; /* "36 crash points, 50 crashes: ..." */
  warning: string; /* what is wrong with the crash-free run itself, or "" */
  state: "filling" | "ending" | "stopped" | "ended"; /* ending: asked to stop, and still at the last cell */
  filled_count: number;
  point_count: number; /* cells that are searched or will be */
  columns: MatrixColumn[];
  rows: MatrixRow[];
  legend: LegendEntry[]; /* the best class first */
  worst: string; /* the worst cell, "" before there is one */
}
export interface MatrixColumn {
  key: string; /* a cell is asked for as "STEP KEY" */
  label: string; /* "commit, none out" */
  group: string; /* "in a transition" */
}
export interface MatrixRow {
  step: number;
  label: string;
  is_input: boolean; /* a new section begins */
  cells: (MatrixCell | null)[]; /* one for each column; null: no such point */
}
export interface MatrixCell {
  letter: string; /* of the worst class: S A 2 B L F T R, or ? */
  name: string; /* "effect performed twice" */
  share: string; /* "1/2": of the crashes here one ends so; "" where all do */
  sentence: string;
  step_count: number; /* of the worst recovery */
}
export interface LegendEntry {
  letter: string;
  name: string;
  count: number;
  note: string; /* what else is true of some of the cells, or "" */
  is_bad: boolean;
}

export type SideName = "left" | "right";
export interface Comparison {
  verdict: VerdictPart[];
  note: string; /* which two runs; in a saved page "", since the titles say it */
  bad: "" | SideName; /* the side in which something went wrong */
  left: Run;
  right: Run;
  common_count: number; /* rows at the beginning that are the same on both sides */
  common: string; /* "3 common steps, from fire Pay('ada', 500) on" */
  row_count: number;
  first: number; /* index of rows[0] */
  rows: ComparisonRow[];
  ends: End[]; /* of the state, of the environment */
}
export interface VerdictPart {
  text: string; /* one sentence */
  bad: boolean;
}
export interface Run {
  title: string;
  step_count: number;
  cell: string; /* its cell in the matrix, "" where it is none of a matrix */
  chosen: string; /* among the options */
  options: RunOption[];
}
export interface RunOption {
  id: string;
  text: string;
}
export interface ComparisonRow {
  relation: "same" | "different" | "left only" | "right only" | "moved"; /* moved: the other side has it in another row */
  left: Moment | null;
  right: Moment | null;
}
export interface Moment {
  step: string; /* "4", of a step with several parts "4a" */
  mark: Mark;
  title: string;
  changes: MomentChange[];
  unchanged: string; /* in place of changes */
  links: Link[];
  twice: "" | "first" | "later"; /* an effect that was there before */
  dead: boolean; /* the process dies */
}
export interface MomentChange {
  sign: Sign;
  text: string;
}
export interface Link {
  text: string; /* "again, as at 4" */
  step: number;
  row: number; /* index among all rows */
  side: SideName;
}
export interface End {
  title: string; /* "at the end, state" */
  is_same: boolean;
  left: EndLine[]; /* as many as on the right, in the same order */
  right: EndLine[];
  more: number; /* lines left out */
}
export interface EndLine {
  sign: Sign;
  path: string;
  value: string;
  bad: boolean;
}

/* A page without a kernel: what was recorded, so that stepping, find and branches work by themselves. Given to mountStatic(el, data). */
export interface Saved {
  traits: Partial<Traits> & Pick<Traits, "part">; /* as they were when the page was saved */
  views: Record<string, View>; /* by step number */
  timelines: Timeline[]; /* whole branches: first is 0 and rows has row_count rows */
}
/* The same for a crash matrix: what stands behind its cells, two at a time. */
export interface SavedRecoveries {
  traits: SavedTraits;
  comparisons: Record<string, Comparison>; /* by "LEFT|RIGHT", two cells; the crash-free run is "" */
}
export interface SavedTraits {
  part: "crash_matrix" | "comparison";
  matrix: Matrix | null;
  comparison: Comparison | null;
}
