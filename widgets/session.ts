/* What one widget knows beyond its traits: the step that is looked at, what was asked and not yet answered, and what a person marked or typed. */

import { type Cell, keepFocus } from "./cell";
import { type Connection, watchConnection } from "./connection";
import { type Model, read } from "./model";
import { type PostBody, type Poster, posterFor } from "./post";
import { followTheme } from "./theme";
import type {
  Answer,
  Chip,
  Comparison,
  Form,
  Matrix,
  Problem,
  Search,
  Timeline,
  Traits,
  Tree,
  Verdict,
  View,
} from "./protocol";

export type Topic = keyof Traits | "ghost" | "problem" | "marks" | "tab" | "connection" | "counting";

export type Tab = "diff" | "full" | "code" | "findings";

export interface Part {
  readonly uses: readonly Topic[];
  draw(changed?: ReadonlySet<Topic>): void;
}

/* Nothing but the answer to a click: it is drawn by itself, since it may not wait for the rest. */
export const isOnlyGhost = (changed: ReadonlySet<Topic> | undefined): boolean =>
  changed?.size === 1 && changed.has("ghost");

export interface Ghost {
  serial: number;
  id: string;
  text: string;
}

const EMPTY_TIMELINE: Timeline = {
  branch: 0,
  row_count: 0,
  first: 0,
  rows: [],
  threads: [],
  outline: "",
  systems: [],
  found: null,
};
const NO_PREVIEW: Chip["preview"] = { lines: [], more: 0, emits: "", breaks: "" };
const EMPTY_TREE: Tree = { step_count: 0, segments: [], names: [], selected: 0, newest: 0 };
const WATCHED: (keyof Traits)[] = [
  "view",
  "timeline",
  "tree",
  "graph",
  "search",
  "matrix",
  "comparison",
  "other_bundle",
  "selected",
  "answer",
  "theme",
  "read_only",
];

export class Session {
  selected: number;
  ghost: Ghost | null = null;
  problem: Problem | null = null;
  marks: { A: number | null; B: number | null } = { A: null, B: null };
  tab: Tab = "diff";
  countingCrash = 0; /* 0: keys count all choices; n: keys count crash points from the n-th on */
  typed = new Map<string, string>(); /* "Pay.user" -> what stands in the field, only where a person changed it */
  fired: { serial: number; type: string } | null = null;
  readonly loses = new Set<string>();
  readonly #parts: Part[] = [];
  readonly #seen = new Map<number, View>();
  readonly #dirty = new Set<Topic>();
  readonly #poster: Poster;
  readonly #connection: Connection;
  readonly #followTheme: () => void;
  #selecting = 0; /* serial of the last goto: until it is answered, the browser's own selection holds */
  #scheduled = false;
  #disposed = false;

  constructor(
    readonly model: Model,
    readonly cell: Cell,
  ) {
    this.#poster = posterFor(model);
    this.#connection = watchConnection(model, () => this.changed("connection"));
    this.selected = read(model, "selected") ?? this.view?.step ?? 0;
    const theme = followTheme(cell.host, () => read(model, "theme") ?? "auto");
    this.#followTheme = theme.update;
    cell.defer(() => {
      theme.dispose();
      this.#disposed = true;
      this.#connection.dispose();
    });
    for (const name of WATCHED) this.#watch(name);
    if (this.view) this.#seen.set(this.view.step, this.view);
  }

  /* Without a kernel a step that was looked at before is shown as it was then. */
  get view(): View | undefined {
    return (this.cut && this.#seen.get(this.selected)) || read(this.model, "view");
  }
  get timeline(): Timeline {
    return read(this.model, "timeline") ?? EMPTY_TIMELINE;
  }
  get tree(): Tree {
    return read(this.model, "tree") ?? EMPTY_TREE;
  }
  get search(): Search | null {
    return read(this.model, "search") ?? null;
  }
  get matrix(): Matrix | null {
    return read(this.model, "matrix") ?? null;
  }
  get comparison(): Comparison | null {
    return read(this.model, "comparison") ?? null;
  }
  /* Of the scenario once it was searched; before that of the selected run. */
  get verdict(): Verdict | null {
    return this.search?.verdict ?? this.view?.header.verdict ?? null;
  }
  get isSearching(): boolean {
    return this.search !== null && this.search.state !== "ended";
  }
  get readOnly(): boolean {
    return read(this.model, "read_only") ?? false;
  }
  get cut(): boolean {
    return this.#connection.lost();
  }
  /* False on a saved page and without a kernel: looking works, choices do not. */
  get canChoose(): boolean {
    return !this.readOnly && !this.cut;
  }

  /* Not inside a crash matrix, which lays runs side by side itself. */
  get canCompare(): boolean {
    return this.canChoose && !this.model.inside && this.marks.A !== null && this.marks.B !== null;
  }

  get whyNot(): string {
    return this.readOnly ? "a saved run" : "needs a kernel";
  }

  show(part: Part): void {
    this.#parts.push(part);
    part.draw();
  }

  /* Several traits arrive together: the parts are drawn once, after the last of them, still before the browser paints. */
  changed(...topics: Topic[]): void {
    for (const topic of topics) this.#dirty.add(topic);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => this.flush());
  }

  flush(): void {
    this.#scheduled = false;
    if (this.#disposed) return;
    const topics = new Set(this.#dirty);
    this.#dirty.clear();
    const touched = this.#parts.filter((part) => part.uses.some((topic) => topics.has(topic)));
    keepFocus(this.cell, () => touched.forEach((part) => part.draw(topics)));
  }

  lastSerial = 0;

  post(body: PostBody): number {
    const serial = this.#poster.post(body);
    this.lastSerial = serial;
    if (serial === 0) this.changed("connection");
    return serial;
  }

  /* Looking at another step: shown at once, told to Python after. */
  select(step: number): void {
    if (step === this.selected && step === this.view?.step) return;
    this.selected = step;
    this.problem = null;
    this.changed("selected", "problem", ...(this.cut ? (["view"] as const) : []));
    this.flush();
    /* Set for what is linked in the browser, but not saved: Python hears of it by the post, and a saved value could arrive after
       the next choice and take that back. Without model.send all that is set is saved with the next post. */
    if (this.model.send) this.model.set("selected", step);
    if (this.cut) return;
    this.#selecting = this.post({ kind: "goto", step });
    if ((read(this.model, "answer")?.serial ?? 0) >= this.#selecting) this.#selecting = 0;
  }

  take(chip: Chip): void {
    const view = this.view;
    if (!view || !this.#mayTake(chip)) return;
    const loses = chip.mark === "crash" ? [...this.loses] : [];
    this.#await(chip, chip.title || chip.text, this.post({ kind: "take", at: view.step, choice: chip.id, loses }));
  }

  fire(form: Form): void {
    const view = this.view;
    const chip = this.chipOf(form);
    if (!view || !this.#mayTake(chip)) return;
    const fields = Object.fromEntries(form.fields.map((field) => [field.name, this.valueOf(form, field.name)]));
    const text = `fire ${form.type}(${Object.values(fields).join(", ")})`;
    const serial = this.post({ kind: "fire", at: view.step, type: form.type, fields, choice: form.chip.id });
    this.fired = { serial, type: form.type };
    this.#await(chip, text, serial);
  }

  /* What was fired already can be fired as another once a field differs. */
  chipOf({ type, chip, fields, editable }: Form): Chip {
    const differs = editable && fields.some(({ name, value }) => (this.typed.get(`${type}.${name}`) ?? value) !== value);
    if (chip.enabled || !differs) return chip;
    const title = `another ${type}`;
    return { ...chip, enabled: true, reason: "", title, label: `fire ${title}`, preview: NO_PREVIEW };
  }

  valueOf(form: Form, name: string): string {
    const given = form.fields.find((field) => field.name === name)?.value ?? "";
    return this.typed.get(`${form.type}.${name}`) ?? given;
  }

  closeProblem(): void {
    this.problem = null;
    this.changed("problem");
  }

  #mayTake(chip: Chip): boolean {
    if (!this.canChoose) {
      if (chip.taken >= 0) this.select(chip.taken);
      else this.cell.say(this.whyNot);
      return false;
    }
    if (!chip.enabled) this.cell.say(chip.reason);
    return chip.enabled;
  }

  #await(chip: Chip, text: string, serial: number): void {
    if (this.countingCrash) this.changed("counting");
    this.countingCrash = 0;
    if (serial === 0) return;
    this.ghost = { serial, id: chip.id, text };
    this.#takeAnswer(read(this.model, "answer"));
    this.changed("ghost");
    this.flush();
  }

  #watch(name: keyof Traits): void {
    const heard = (): void => {
      if (name === "answer") this.#takeAnswer(read(this.model, "answer"));
      if (name === "view") this.#takeView();
      if (name === "theme") this.#followTheme();
      if (name === "view" || name === "selected" || name === "answer") this.#adoptSelected();
      this.changed(name);
    };
    this.model.on(`change:${name}`, heard);
    this.cell.defer(() => this.model.off(`change:${name}`, heard));
  }

  #takeView(): void {
    const view = this.view;
    if (!view) return;
    this.cell.say(view.say);
    this.#seen.set(view.step, view);
    this.loses.clear();
  }

  #takeAnswer(answer: Answer | undefined): void {
    if (answer === undefined) return;
    if (this.#selecting && answer.serial >= this.#selecting) this.#selecting = 0;
    if (this.ghost && answer.serial >= this.ghost.serial) {
      this.ghost = null;
      this.changed("ghost");
    }
    const problem = answer.problem ?? null;
    if (problem !== this.problem) this.changed("problem");
    this.problem = problem;
    if (problem) this.cell.say([problem.title, ...problem.lines].join(" "));
    else if (this.fired && answer.serial >= this.fired.serial) this.#forgetTyped();
  }

  #forgetTyped(): void {
    for (const key of [...this.typed.keys()]) if (key.startsWith(`${this.fired?.type}.`)) this.typed.delete(key);
    this.fired = null;
  }

  #adoptSelected(): void {
    if (this.#selecting) return;
    const said = read(this.model, "selected");
    const step = said ?? this.view?.step ?? this.selected;
    if (step === this.selected) return;
    this.selected = step;
    this.changed("selected");
  }
}
