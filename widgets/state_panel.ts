/* What a step changed, the whole configuration, and the code that ran: three tabs of one panel. */

import type { Cell } from "./cell";
import { h, note } from "./dom";
import type { FindingsPart } from "./findings";
import type { Command } from "./keys";
import { icon } from "./marks";
import type { Model } from "./model";
import { SIGN_CLASS, SIGN_WORD, signText } from "./preview";
import type { Code, Panel, PropertyLine, Section } from "./protocol";
import type { Part, Session, Tab, Topic } from "./session";
import { leaveCell, mountSingle } from "./single";

const TABS: readonly Tab[] = ["diff", "full", "code"];

function drawSection(section: Section): HTMLElement {
  const heading = h("h3", section.title, " ", h("span.n", section.note));
  const more = section.more > 0 ? note(`and ${section.more} more`) : null;
  if (!section.lines.some((line) => line.path || line.value))
    return h("section.sec", heading, h("p.note", section.unchanged || "empty"));
  const lines = section.lines.flatMap((line) => {
    const word = SIGN_WORD[line.sign];
    const sign = h(
      "span",
      { class: `sg ${line.bad ? "bad" : SIGN_CLASS[line.sign]}` },
      h("span", { "aria-hidden": "true" }, signText(line.sign)),
      word ? h("span.sr", word) : null,
    );
    const old = line.old ? h("span.old", line.old) : null;
    const title = line.old ? `${line.old} → ${line.value}` : line.value;
    return [
      sign,
      h("span", { title: line.path }, line.path),
      h("span", { class: line.bad ? "bad" : null, title }, old, old ? " " : null, line.value),
    ];
  });
  return h("section.sec", heading, h("div.diff", ...lines), more);
}

function drawBroken(line: PropertyLine, step: number): HTMLElement {
  const isFirst = line.since === step || line.since < 0;
  const lead = isFirst ? "broken here first" : `still broken, since step ${line.since}`;
  return h(
    "section.why",
    icon("broken"),
    h("b", line.name),
    h("p", isFirst && line.sentence ? `${lead}: ${line.sentence}` : lead),
    !isFirst && line.sentence ? note(line.sentence) : null,
  );
}

/* Why a property says nothing here: what went wrong in it must not look like what has not come yet. */
const isUnjudgeable = (line: PropertyLine): boolean => line.state === "not judged" && line.sentence !== "";

const drawUnjudgeable = (line: PropertyLine): HTMLElement =>
  h("section.why.unjudged", icon("storage"), h("b", line.name), h("p", `not judged: ${line.sentence}`));

const STATE_MARK = {
  holds: "ok",
  broken: "broken",
  "not judged": "unreached",
  reached: "ok",
  "not reached": "unreached",
} as const;

function drawProperty(line: PropertyLine): HTMLElement {
  const words = line.state === "holds" ? "" : line.state === "reached" ? "reached" : line.state;
  const kind = line.kind === "always" ? "" : line.kind.replace("_", " ");
  return h(
    "p.prop",
    icon(STATE_MARK[line.state], 12),
    h("span.sr", line.state),
    " ",
    line.name,
    " ",
    note([kind, words].filter(Boolean).join(" · ")),
  );
}

function drawDiff(panel: Panel, step: number): HTMLElement[] {
  const broken = panel.properties.filter((line) => line.state === "broken");
  const others = panel.properties.filter((line) => line.state !== "broken" && !isUnjudgeable(line));
  const properties = others.length ? [h("section.sec", h("h3", "properties"), ...others.map(drawProperty))] : [];
  return [
    h("h4", panel.title),
    h("p.note.sub", panel.subtitle),
    ...panel.sections.map(drawSection),
    ...broken.map((line) => drawBroken(line, step)),
    ...panel.properties.filter(isUnjudgeable).map(drawUnjudgeable),
    ...properties,
  ];
}

function drawFull(panel: Panel): HTMLElement[] {
  return panel.full.map((section) => {
    const items = section.items.map(({ depth, key, value, bad }) =>
      h(
        "li",
        { style: depth ? `padding-left:${Math.min(depth, 8) * 16}px` : null },
        h("span.k", { title: key }, key),
        h("span", { class: `v${bad ? " bad" : ""}`, title: value }, value),
      ),
    );
    const body = items.length ? h("ul.tree", ...items) : h("p.note", "empty");
    return h(
      "section.sec",
      h("h3", section.title, " ", h("span.n", section.note)),
      body,
      section.more > 0 ? note(`and ${section.more} more`) : null,
    );
  });
}

/* A long line may break after a bracket, a comma or an equals sign, and hangs below its own indent. */
function sourceText(text: string): (Node | string)[] {
  const trimmed = text.trimStart().slice(0, 400);
  return trimmed
    .split(/(?<=[(,=] ?)/)
    .flatMap((piece, order) => (order === 0 ? [piece] : [document.createElement("wbr"), piece]));
}

function drawLine(line: Code["lines"][number]): HTMLElement {
  const indent = Math.ceil((line.text.length - line.text.trimStart().length) / 2);
  const className = [line.ran ? "ran" : "dim", line.now ? "now" : ""].filter(Boolean).join(" ");
  return h(
    "li",
    { class: className, "aria-current": line.now ? "true" : null },
    h("span.ln", line.now ? "▸ " : "", line.number),
    h(
      "span.tx",
      { title: line.text.trim(), style: `padding-left:${indent + 2}ch;text-indent:-2ch` },
      ...sourceText(line.text),
    ),
    line.note ? note(line.note) : null,
  );
}

function drawCode(code: Code | null): HTMLElement[] {
  if (!code) return [h("p.note", "This step ran no code.")];
  const head = h("p", { title: code.file }, h("b", code.name), " ", note(code.note));
  const boundary = code.boundary ? [h("li.bnd", icon(code.boundary.mark, 12), h("span", code.boundary.text))] : [];
  return [head, h("ol.src", ...code.lines.map(drawLine), ...boundary)];
}

export class StatePanelPart implements Part {
  readonly uses = ["view", "tab", "search", "read_only", "connection"] as const;
  readonly element: HTMLElement;
  readonly #tabs: HTMLButtonElement[];
  readonly #panel: HTMLElement;
  #shown = "";

  readonly #session: Session;

  readonly #findings: FindingsPart | undefined;

  constructor(session: Session, cell: Cell, findings?: FindingsPart) {
    this.#session = session;
    this.#findings = findings;
    const id = `${cell.uid}-panel`;
    this.#tabs = [...TABS, ...(findings ? (["findings"] as const) : [])].map((tab) =>
      h(
        "button",
        {
          role: "tab",
          id: `${id}-${tab}`,
          "data-do": "tab",
          "data-tab": tab,
          "data-focus": `tab ${tab}`,
          "aria-controls": id,
        },
        tab,
      ),
    );
    this.#panel = h("div.panel", { role: "tabpanel", id, tabindex: 0, "data-focus": "panel" });
    this.element = h(
      "section.state",
      { "aria-label": "State" },
      h("div.tabs", { role: "tablist", "aria-label": "What is shown of the step" }, ...this.#tabs),
      this.#panel,
    );
    cell.actions["tab"] = (element) => this.openTab(element.dataset["tab"] as Tab);
  }

  /* False where the command opens no tab. */
  run(command: Command): boolean {
    return (command === "diff" || command === "full" || command === "code") && this.openTab(command);
  }

  openTab(tab: Tab): boolean {
    this.#session.tab = tab;
    this.#session.changed("tab");
    this.#session.flush();
    return true;
  }

  draw(changed?: ReadonlySet<Topic>): void {
    const { view, tab } = this.#session;
    if (!view || (tab !== "findings" && changed?.size === 1 && changed.has("search"))) return;
    for (const button of this.#tabs) button.setAttribute("aria-selected", String(button.dataset["tab"] === tab));
    this.#panel.setAttribute("aria-labelledby", `${this.#panel.id}-${tab}`);
    this.#panel.classList.toggle("code", tab === "code");
    if (tab === "findings") {
      this.#drawFindings();
      return;
    }
    const drawn =
      tab === "diff"
        ? drawDiff(view.panel, view.step)
        : tab === "full"
          ? drawFull(view.panel)
          : drawCode(view.panel.code);
    this.#panel.replaceChildren(...drawn);
    this.#keepInView(`${view.step} ${tab}`);
  }

  /* Drawn in place: while a search goes on it changes several times a second, and a click must not lose its button. */
  #drawFindings(): void {
    const { element } = this.#findings!;
    if (element.parentElement !== this.#panel) this.#panel.replaceChildren(element);
    this.#findings!.draw();
    this.#shown = "";
  }

  /* A step that is newly looked at is read from its top; its code from the line that ran last. */
  #keepInView(shown: string): void {
    if (shown === this.#shown) return;
    this.#shown = shown;
    const now = this.#panel.querySelector<HTMLElement>(".now");
    const line = now ? now.offsetTop - this.#panel.offsetTop : 0;
    this.#panel.scrollTop = Math.max(0, line - this.#panel.clientHeight / 2);
  }
}

export function mountStatePanel(model: Model, el: HTMLElement): () => void {
  return mountSingle(model, el, "state1", "PHASM Lab state", (session, cell) => {
    const part = new StatePanelPart(session, cell);
    const run = (command: Command): boolean => {
      return command === "out" ? leaveCell(cell) : part.run(command);
    };
    return { part, keyboard: { choose: () => undefined, run } };
  });
}
