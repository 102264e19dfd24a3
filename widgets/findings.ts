/* What a search of the scenario found, as cards, each with a way into its run; and what it did not get to. */

import type { Cell } from "./cell";
import { LINE, button, count, h, plural } from "./dom";
import { keyChip, verdictMark } from "./header";
import { icon } from "./marks";
import type { Opening, Progress, Search } from "./protocol";
import type { Session } from "./session";

const section = (title: string, more: string, ...children: (HTMLElement | null)[]): HTMLElement =>
  h("section.sec", h("h3", title, " ", more ? h("span.n", more) : null), ...children);

function drawVerdict({ verdict }: Search): HTMLElement {
  const words = h("span", verdict.text, verdict.more ? h("i", ` · ${verdict.more}`) : null);
  return h("p", { class: `verdict wide ${verdict.kind}` }, verdictMark(verdict), words);
}

function drawProblem({ problem }: Search): HTMLElement | null {
  if (!problem) return null;
  const lines = problem.lines.map((line) => h("p", line));
  return h("section.why.unjudged", icon("storage"), h("b", problem.title), ...lines);
}

function drawGoals({ goals, goals_note }: Search): HTMLElement | null {
  if (!goals.length) return null;
  const items = goals.map(({ name, reached }) =>
    h("li", icon(reached ? "ok" : "unreached", 12), h("span.sr", reached ? "reached: " : "never reached: "), h("span", name)),
  );
  return section("Goals", goals_note, h("ul.goals", ...items));
}

function drawNotSearched({ not_searched, state }: Search): HTMLElement | null {
  if (state !== "ended" || !not_searched.length) return null;
  return section("Not searched", "", ...not_searched.map((sentence) => h("p.note", sentence)));
}

export class FindingsPart {
  readonly element = h("div.findings");
  readonly #verdict = h("div");
  readonly #progress = h("dl.progress");
  readonly #rest = h("div.rest");
  #drawn = "";

  readonly #session: Session;

  constructor(session: Session, cell: Cell) {
    this.#session = session;
    this.element.append(this.#verdict, this.#progress, this.#rest);
    cell.actions["openRun"] = (element) => this.#open(element.dataset["run"]!);
    cell.actions["listRuns"] = (element) => {
      element.setAttribute("aria-busy", "true");
      session.post({ kind: "list_runs" });
    };
  }

  draw(): void {
    const { search, canChoose } = this.#session;
    this.#verdict.replaceChildren(...(search ? [drawVerdict(search)] : []));
    this.#drawProgress(search);
    const { verdict: _, progress: __, ...rest } = search ?? { verdict: null, progress: null };
    const now = JSON.stringify([rest, canChoose]);
    if (now === this.#drawn) return;
    this.#drawn = now;
    this.#rest.replaceChildren(...(search ? this.#drawRest(search) : this.#drawInvitation()));
  }

  #drawInvitation(): HTMLElement[] {
    const { canChoose, readOnly } = this.#session;
    if (readOnly) return [h("p.note", "No search was made.")];
    return [
      h("p.t", "Nothing is searched yet."),
      h("p", "The lab can try every run that the inputs, the answers and the faults within their budgets allow. Of what goes wrong it keeps the shortest run."),
      ...(canChoose ? [h("div", keyChip("check", "x", "check"))] : []),
    ];
  }

  #drawProgress(search: Search | null): void {
    this.#progress.hidden = search?.state !== "searching";
    if (!search) return;
    const lines = progressLines(search.progress);
    if (this.#progress.childElementCount !== lines.length)
      this.#progress.replaceChildren(...lines.map(([name]) => h("div", h("dt", name), h("dd"))));
    lines.forEach(([, value], order) => {
      this.#progress.children[order]!.lastElementChild!.textContent = value;
    });
  }

  #drawRest(search: Search): HTMLElement[] {
    const parts = [
      drawProblem(search),
      this.#drawFindings(search),
      drawGoals(search),
      this.#drawRuns(search),
      drawNotSearched(search),
    ];
    return parts.filter((part) => part !== null);
  }

  #drawFindings({ findings }: Search): HTMLElement | null {
    if (!findings.length) return null;
    const cards = findings.map((finding) =>
      h(
        "li.found",
        icon("broken"),
        h("span.slug", finding.title),
        h("p", finding.message),
        this.#drawOpen(finding, `open ${finding.title}, ${plural(finding.step_count, "step")}`),
      ),
    );
    return section("Findings", "shortest first", h("ul.cards", ...cards));
  }

  #drawRuns({ state, runs, runs_note, problem }: Search): HTMLElement | null {
    if (state !== "ended" || problem) return null;
    if (!runs) {
      if (!this.#session.canChoose) return null;
      return section("Different runs", "", h("div", button("listRuns", "Show eight different runs", {}, LINE)));
    }
    const cards = runs.map((run) =>
      h("li.found.run", h("p", run.title), this.#drawOpen(run, `open ${run.title}, ${plural(run.step_count, "step")}`)),
    );
    return section("Different runs", runs_note, h("ul.cards", ...cards));
  }

  #drawOpen(run: Opening, name: string): HTMLElement {
    const canOpen = this.#session.canChoose || run.step >= 0;
    const open = button(
      "openRun",
      "Open",
      { "aria-label": name, "data-run": run.id, "data-focus": `run ${run.id}`, disabled: !canOpen },
      LINE,
    );
    const where = run.numbers && ` · numbered ${run.numbers}`;
    return h("div.row", h("span.note", h("b", plural(run.step_count, "step")), where), open);
  }

  /* On a saved page a run that the history holds is gone to. */
  #open(id: string): void {
    const { search, canChoose } = this.#session;
    if (canChoose) this.#session.post({ kind: "open", run: id });
    else {
      const run = [...(search?.findings ?? []), ...(search?.runs ?? [])].find((each) => each.id === id);
      if (run && run.step >= 0) this.#session.select(run.step);
    }
  }
}

function progressLines({ count: done, limit, depth, waiting, rate, left_s }: Progress): [string, string][] {
  return [
    ["configurations", count(done)],
    ["of at most", count(limit)],
    ["depth", count(depth)],
    ["waiting", count(waiting)],
    ["a second", count(rate)],
    ["to the limit", left_s < 60 ? `at most ${left_s} s` : `at most ${Math.ceil(left_s / 60)} min`],
  ];
}
