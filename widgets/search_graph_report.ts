/* What a search found, beside the picture of what it met: the verdict, findings whose runs can be drawn, goals, and what was left out. */

import { LINE, button, h, plural } from "./dom";
import { icon } from "./marks";
import type { Mark, Opening, Verdict } from "./protocol";
import type { SearchGraph } from "./search_graph_protocol";

const MARK_OF: Record<Verdict["kind"], Mark> = { broken: "broken", ok: "ok", run: "unreached" };

const section = (title: string, more: string, ...children: HTMLElement[]): HTMLElement =>
  h("section.sec", h("h3", title, " ", h("span.n", more)), ...children);

export function drawVerdict(verdict: Verdict, look = ""): HTMLElement {
  const words = h("span", verdict.text, verdict.more ? h("i", ` · ${verdict.more}`) : null);
  return h("p", { class: `verdict ${look} ${verdict.kind}` }, icon(MARK_OF[verdict.kind]), words);
}

function drawFinding(finding: Opening, isShown: boolean, readOnly: boolean): HTMLElement {
  const name = { "data-run": finding.id, "data-focus": `run ${finding.id}`, "aria-pressed": String(isShown) };
  const label = `${isShown ? "drawn:" : "draw"} the run of ${finding.title}, ${plural(finding.step_count, "step")}`;
  const show = readOnly ? null : button("showRun", isShown ? "Drawn" : "Draw", { ...name, "aria-label": label }, LINE);
  return h(
    "li.found",
    icon("broken"),
    h("span.slug", finding.title),
    h("p", finding.message),
    h("div.row", h("span.note", h("b", plural(finding.step_count, "step"))), show),
  );
}

function drawFindings({ findings, finding }: SearchGraph, readOnly: boolean): HTMLElement[] {
  if (!findings.length) return [];
  const items = findings.map((each, index) => drawFinding(each, index === finding, readOnly));
  const opening = h("p.note", "Step through one in a lab: ", h("code", "report.findings[0].open()"));
  return [section("Findings", "shortest first", h("ul", ...items), opening)];
}

function drawGoals({ goals, goals_note }: SearchGraph): HTMLElement[] {
  if (!goals.length) return [];
  const items = goals.map(({ name, reached }) =>
    h("li", icon(reached ? "ok" : "unreached"), h("span.sr", reached ? "reached: " : "never reached: "), h("span", name)),
  );
  return [section("Goals", goals_note, h("ul.goals", ...items))];
}

export function drawReport(graph: SearchGraph, readOnly: boolean): HTMLElement {
  const left = graph.not_searched.map((sentence) => h("p.note", sentence));
  return h(
    "aside.rep",
    { "aria-label": "Check report" },
    ...(graph.overview ? [] : [h("div", drawVerdict(graph.header.verdict!, "wide"))]),
    ...drawFindings(graph, readOnly),
    ...drawGoals(graph),
    ...(left.length ? [section("Not searched", "", ...left)] : []),
  );
}
