/* The head of the explorer: what is run, what is known of it, and the search of every run. */

import type { Cell } from "./cell";
import { LINE, button, count, h, plain } from "./dom";
import { icon } from "./marks";
import type { Mark, Verdict } from "./protocol";
import type { Part, Session } from "./session";

const KIND_MARK: Record<Verdict["kind"], Mark> = { broken: "broken", ok: "ok", run: "unreached" };

export const verdictMark = (verdict: Verdict): SVGSVGElement => icon(KIND_MARK[verdict.kind]);

export const keyChip = (action: string, key: string, words: string, mark: Mark | null = null): HTMLElement =>
  h(
    "button.chip",
    { "data-do": action, "data-focus": `first ${action}` },
    h("kbd", { "aria-hidden": "true" }, key),
    mark ? icon(mark, 12) : null,
    h("span.words", words),
  );

/* Its elements stay, since a search changes it several times a second: a click must not lose its button half way. */
export class HeaderPart implements Part {
  readonly uses = ["view", "search", "read_only", "connection"] as const;
  readonly element: HTMLElement;
  readonly #name = h("h2");
  readonly #summary = h("span.sub");
  readonly #text = h("span");
  readonly #more = h("i");
  readonly #mark = h("span.mark");
  readonly #chip = h(
    "button.verdict",
    { "data-do": "verdict", "data-focus": "verdict" },
    this.#mark,
    h("span", this.#text, this.#more),
  );
  readonly #check = button("check", "Check", {}, LINE);
  readonly #run = button("run", "Run on", { title: "no further faults: on to quiescence" }, "");
  readonly #share = h("i");
  readonly #bar = h(
    "div.share",
    { role: "progressbar", "aria-label": "Share of the limit used", "aria-valuemin": 0 },
    this.#share,
  );
  #said = "";

  readonly #session: Session;
  readonly #cell: Cell;

  constructor(session: Session, cell: Cell) {
    this.#session = session;
    this.#cell = cell;
    const help = button("help", "?", { "aria-label": "Keyboard and help" }, "");
    const end = h("span.end", this.#check, this.#run, help);
    this.element = h("header.head", this.#name, this.#summary, this.#chip, end, this.#bar);
  }

  draw(): void {
    const header = this.#session.view?.header;
    if (!header) return;
    setText(this.#name, header.name);
    setText(this.#summary, header.summary);
    this.#run.disabled = !this.#session.canChoose;
    this.#drawChip(this.#session.verdict);
    this.#drawCheck();
    this.#drawBar();
    this.#tell();
  }

  #drawChip(verdict: Verdict | null): void {
    this.#chip.hidden = verdict === null;
    if (!verdict) return;
    this.#chip.className = `verdict ${verdict.kind}`;
    this.#chip.title = plain(verdict.label);
    this.#chip.setAttribute("aria-label", plain(verdict.label));
    this.#mark.replaceChildren(verdictMark(verdict));
    this.#text.textContent = plain(verdict.text);
    this.#more.textContent = verdict.more ? ` · ${plain(verdict.more)}` : "";
  }

  #drawCheck(): void {
    const { search, isSearching, readOnly, canChoose } = this.#session;
    this.#check.hidden = readOnly;
    this.#check.disabled = !canChoose;
    /* Not disabled, or the focus and with it the keys would be gone. */
    this.#check.setAttribute("aria-disabled", String(search?.state === "ending"));
    this.#check.className = `btn sm ${isSearching ? "strong" : "line"}`;
    this.#check.textContent = isSearching ? "Stop" : "Check";
    this.#check.title = isSearching ? "what was found stays" : "search every run that the budgets allow";
  }

  #drawBar(): void {
    const { search, isSearching } = this.#session;
    this.#bar.hidden = !isSearching;
    if (!search || !isSearching) return;
    const { count: done, limit } = search.progress;
    this.#bar.setAttribute("aria-valuemax", String(limit));
    this.#bar.setAttribute("aria-valuenow", String(done));
    this.#bar.setAttribute("aria-valuetext", `${count(done)} of at most ${count(limit)}`);
    this.#share.style.width = `${Math.min(100, (100 * done) / limit)}%`;
  }

  /* Said when it begins, when something is found and when it ends; not at every turn. */
  #tell(): void {
    const { search } = this.#session;
    const now = search ? `${search.state} ${search.findings.length}` : "";
    if (now !== this.#said && search && this.#said !== "") this.#cell.say(search.verdict.label);
    this.#said = now || "none";
  }
}

function setText(element: HTMLElement, text: string): void {
  element.title = plain(text);
  element.textContent = plain(text);
}
