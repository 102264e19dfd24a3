/* The explorer: one notebook cell with choices, lanes and state, the branch strip and one line of Python. */

import { Cell } from "./cell";
import { ChoicesPart } from "./choices";
import { copyText } from "./copy";
import { FindingsPart } from "./findings";
import { HeaderPart } from "./header";
import { LINE, button, h, note } from "./dom";
import { EmptyPart } from "./empty";
import { drawHelp } from "./help";
import { InsidePart } from "./inside";
import { type Command, listenToKeys } from "./keys";
import type { Model } from "./model";
import { StripsPart } from "./problem";
import searchStyles from "./search.css";
import { type Part, Session } from "./session";
import { leaveCell } from "./single";
import { BranchSidePart } from "./branch_side";
import { StatePanelPart } from "./state_panel";
import { StripPart } from "./strip";
import { TimelinePart } from "./lanes_scroller";

const DOUBLE_CLICK_MS = 400;

class PythonPart implements Part {
  readonly uses = ["view"] as const;
  readonly #code = h("code");
  readonly element: HTMLElement;

  readonly #session: Session;

  constructor(session: Session, cell: Cell) {
    this.#session = session;
    const copy = button("copyLine", "Copy", { "aria-label": "Copy this line" }, LINE);
    const test = button("copyTest", "Copy run as test", {}, "sm opt");
    this.element = h("div.py", note("in Python"), this.#code, h("span.end", copy, test));
    cell.actions["copyLine"] = () => void copyText(cell, session.view?.python ?? "", copy);
    cell.actions["copyTest"] = () => void copyText(cell, session.view?.test ?? "", test);
  }

  draw(): void {
    const line = this.#session.view?.python ?? "";
    this.#code.replaceChildren(h("span", { title: line }, line));
  }
}

class Explorer {
  readonly #cell: Cell;
  readonly #session: Session;
  readonly #choices: ChoicesPart;
  readonly #timeline: TimelinePart;
  readonly #panel: StatePanelPart;
  readonly #strip: StripPart;
  readonly #main: HTMLElement;
  readonly #beside: InsidePart;
  #help: HTMLElement | null = null;
  #checkedAt = -DOUBLE_CLICK_MS;
  #checkSerial = 0;
  #tables = { steps: false, branches: false };

  constructor(model: Model, el: HTMLElement) {
    this.#cell = new Cell(el, "lab", "PHASM Lab explorer", searchStyles);
    const cell = this.#cell;
    const session = (this.#session = new Session(model, cell));
    this.#choices = new ChoicesPart(session, cell);
    const empty = new EmptyPart(session, true);
    this.#timeline = new TimelinePart(session, cell, empty.element);
    this.#panel = new StatePanelPart(session, cell, new FindingsPart(session, cell));
    this.#strip = new StripPart(session, cell);
    this.#beside = new InsidePart(session, cell, "comparison", "Back to the lanes", (shown) => this.#cover(shown));
    const parts = {
      header: new HeaderPart(session, cell),
      strips: new StripsPart(session, cell),
      side: new BranchSidePart(session, cell),
      python: new PythonPart(session, cell),
    };
    this.#main = h(
      "div.main",
      this.#choices.element,
      this.#timeline.element,
      this.#panel.element,
      this.#beside.element,
    );
    const branches = h("section.branches", { "aria-label": "Branches" }, this.#strip.element, parts.side.element);
    cell.add(parts.header.element, parts.strips.element, this.#main, branches, parts.python.element);
    this.#listen();
    for (const part of [
      parts.header,
      parts.strips,
      this.#choices,
      empty,
      this.#timeline,
      this.#panel,
      this.#strip,
      parts.side,
      parts.python,
      this.#beside,
    ])
      session.show(part);
    if (session.view) cell.section.setAttribute("aria-label", `PHASM Lab explorer, ${session.view.header.name}`);
    session.post({ kind: "ready" });
  }

  dispose(): void {
    this.#cell.dispose();
  }

  #listen(): void {
    const { actions } = this.#cell;
    actions["run"] = () => void this.#session.post({ kind: "run" });
    actions["verdict"] = (element) => this.#tellVerdict(element);
    actions["check"] = () => void this.#check();
    actions["firstChoice"] = () => this.#choices.choose(1);
    actions["compare"] = () => void this.#compare();
    actions["help"] = () => this.#toggleHelp();
    actions["stepsTable"] = () => this.#switchTable("steps");
    actions["branchesTable"] = () => this.#switchTable("branches");
    listenToKeys(this.#cell, { choose: (digit) => this.#choices.choose(digit), run: (command) => this.#run(command) });
  }

  #run(command: Command): boolean {
    const own: Partial<Record<Command, () => boolean>> = {
      back: () => this.#back(),
      nextBranch: () => this.#goBranch(1),
      previousBranch: () => this.#goBranch(-1),
      mark: () => this.#mark(),
      compare: () => this.#compare(),
      copy: () => (void copyText(this.#cell, this.#session.view?.python ?? "", null), true),
      help: () => (this.#toggleHelp(), true),
      check: () => this.#check(),
      out: () => this.#leave(),
    };
    const run = own[command];
    return run ? run() : [this.#timeline, this.#choices, this.#panel].some((part) => part.run(command));
  }

  /* Asked for at once by a second click, stopping would undo what the first click meant. */
  #check(): boolean {
    const session = this.#session;
    if (!session.canChoose) return false;
    if (!session.isSearching) {
      this.#checkedAt = performance.now();
      this.#checkSerial = session.post({ kind: "check" });
      this.#panel.openTab("findings");
    } else if (session.search?.state === "searching" && !this.#isDoubleClick()) session.post({ kind: "stop" });
    return true;
  }

  /* Nothing else was asked for in between. */
  #isDoubleClick(): boolean {
    const isSoon = performance.now() - this.#checkedAt <= DOUBLE_CLICK_MS;
    return isSoon && this.#session.lastSerial === this.#checkSerial;
  }

  #tellVerdict(chip: HTMLElement): void {
    if (this.#session.search) this.#panel.openTab("findings");
    this.#cell.say(chip.title);
  }

  #back(): boolean {
    if (this.#session.canChoose) this.#session.post({ kind: "back" });
    else this.#timeline.move(-1);
    return true;
  }

  #goBranch(by: 1 | -1): boolean {
    const step = this.#strip.neighbour(by);
    if (step !== null) this.#session.select(step);
    return true;
  }

  /* A, then B, then A anew. */
  #mark(): boolean {
    const { marks, selected } = this.#session;
    if (marks.A === selected && marks.B === null) {
      this.#cell.say(`A is at step ${selected} already: m marks B at another step.`);
      return true;
    }
    if (marks.A === null || marks.B !== null) this.#session.marks = { A: selected, B: null };
    else marks.B = selected;
    this.#session.changed("marks");
    this.#cell.say(`Marked ${this.#session.marks.B === null ? "A" : "B"} at step ${selected}.`);
    return true;
  }

  /* The runs to the marked steps, side by side in place of the lanes. */
  #compare(): boolean {
    const { marks, canCompare } = this.#session;
    if (!canCompare) {
      this.#cell.say("Two marked steps can be compared: m marks the selected one.");
      return true;
    }
    const serial = this.#session.post({ kind: "compare", left: marks.A!, right: marks.B! });
    this.#beside.open(serial, `A, step ${marks.A}, beside B, step ${marks.B}`);
    return true;
  }

  #cover(shown: boolean): void {
    for (const part of [this.#choices, this.#timeline, this.#panel]) part.element.inert = shown;
    if (!shown) this.#cell.focus();
  }

  /* Out of what is open, then out of a panel to the cell, then out of the cell. */
  #leave(): boolean {
    if (this.#help) this.#toggleHelp();
    else if (this.#beside.close()) return true;
    else if (this.#session.problem) this.#session.closeProblem();
    else if (this.#timeline.closeFinder() || this.#choices.stopCounting() || this.#closeTables()) return true;
    else return leaveCell(this.#cell);
    return true;
  }

  #switches(): Parameters<typeof drawHelp>[0] {
    return [
      { name: "stepsTable", words: "steps", shown: this.#tables.steps },
      { name: "branchesTable", words: "branches", shown: this.#tables.branches },
    ];
  }

  #switchTable(name: "steps" | "branches"): void {
    this.#showTable(name, !this.#tables[name]);
    this.#toggleHelp();
  }

  #showTable(name: "steps" | "branches", shown: boolean): void {
    this.#tables[name] = shown;
    (name === "steps" ? this.#timeline : this.#strip).showTable(shown);
  }

  #closeTables(): boolean {
    const shown = (["steps", "branches"] as const).filter((name) => this.#tables[name]);
    for (const name of shown) this.#showTable(name, false);
    return shown.length > 0;
  }

  #toggleHelp(): void {
    if (this.#help) {
      this.#help.remove();
      this.#help = null;
      this.#cell.focus();
      return;
    }
    this.#help = drawHelp(this.#switches());
    this.#main.append(this.#help);
    this.#cell.focus(this.#help);
  }
}

export function mountExplorer(model: Model, el: HTMLElement): () => void {
  const explorer = new Explorer(model, el);
  return () => explorer.dispose();
}
