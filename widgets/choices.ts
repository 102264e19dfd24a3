/* What can happen next: five groups that never move, with keys, a form for inputs, the crash ruler and a preview. */

import { type Cell, keepFocus } from "./cell";
import { h, note, spoken } from "./dom";
import { drawForm } from "./form";
import type { Command } from "./keys";
import { icon } from "./marks";
import type { Model } from "./model";
import { measureOf } from "./measure";
import { drawPreview } from "./preview";
import type { Chip, Form, Group, Ruler } from "./protocol";
import { drawRuler } from "./ruler";
import { type Part, type Session, type Topic, isOnlyGhost } from "./session";
import { leaveCell, mountSingle } from "./single";

interface Entry {
  chip: Chip;
  form: Form | null;
  isCrash: boolean;
  key: number; /* 1 to 10, for which 0 is pressed, or 0 */
}

const KEYS = 10;

const LONG_REASON = 40; /* what is shorter stands in the group's note already */

/* Why something here is impossible, where that takes a sentence: each once. */
function longReasons(group: Group): string[] {
  const forms = group.forms.filter((form) => !form.editable);
  const chips = [...forms.map((form) => form.chip), ...group.items.flatMap((item) => item.chips)];
  return [...new Set(chips.filter((chip) => !chip.enabled).map((chip) => chip.reason))].filter(
    (reason) => reason.length > LONG_REASON,
  );
}

const HIDDEN = { "aria-hidden": "true" };

/* A chip is named by verb and object; its key and its short words are for the eye. */
const nameOf = (chip: Chip): HTMLElement =>
  spoken((chip.label || chip.title || chip.text) + (chip.taken >= 0 ? `, taken before, step ${chip.taken}` : ""));

export class ChoicesPart implements Part {
  readonly uses = ["view", "ghost", "problem", "read_only", "connection", "counting"] as const;
  readonly element: HTMLElement;
  readonly #at = h("span.note");
  readonly #list = h("div.list");
  readonly #preview: HTMLElement;
  #entries: Entry[] = [];
  #hovered: string | null = null;

  readonly #session: Session;
  readonly #cell: Cell;

  constructor(session: Session, cell: Cell) {
    this.#session = session;
    this.#cell = cell;
    this.#preview = h("div.preview", { id: `${cell.uid}-preview` });
    this.element = h(
      "section.choices",
      { "aria-label": "Choices" },
      h("div.cap", h("b", "What next?"), this.#at),
      this.#list,
      this.#preview,
    );
    cell.actions["choose"] = (element) => this.#take(this.#entries[Number(element.dataset["entry"])]);
    cell.actions["lose"] = (element) => this.#toggleLoss(element);
    cell.actions["reason"] = (element) => cell.say(element.title);
    const point = (event: Event): void => this.#point(event.target as Element);
    cell.listen(this.#list, "pointerover", point);
    cell.listen(this.#list, "focusin", point);
    cell.listen(this.#list, "input", (event) => this.#type(event.target as HTMLInputElement));
    cell.listen(this.#list, "keydown", (event) => this.#enter(event as KeyboardEvent));
    /* A host may draw the widget before it stands in the page: only now is the font known that captions are measured in. */
    cell.watchWidth(this.#list, () => this.draw());
  }

  draw(changed?: ReadonlySet<Topic>): void {
    const view = this.#session.view;
    if (!view) return;
    if (isOnlyGhost(changed)) return this.#press();
    const { choices } = view;
    this.#at.replaceChildren(choices.note);
    this.#entries = this.#collect(choices.groups);
    keepFocus(this.#cell, () => this.#list.replaceChildren(...choices.groups.map((group) => this.#drawGroup(group))));
    this.#press();
    this.#drawHovered();
  }

  /* The n-th choice that can be taken, or the n-th crash point after the key c. */
  choose(digit: number): void {
    const entry = this.#entries.find((each) => each.key === digit);
    if (entry) this.#take(entry);
    else this.#cell.say(`There is no choice ${digit} here.`);
  }

  /* False where nothing was done, or the command is none of the choices. */
  run(command: Command): boolean {
    return command === "crash" ? this.#countCrash() : command === "input" && this.#focusInput();
  }

  #countCrash(): boolean {
    const crashes = this.#entries.filter((each) => each.isCrash && this.#isUsable(each.chip));
    if (crashes.length === 0) {
      const group = this.#session.view?.choices.groups.find((each) => each.key === "crash");
      this.#cell.say(`No crash can happen here. ${group?.note ?? ""}`);
      return true;
    }
    const next = this.#session.countingCrash === 0 ? 1 : this.#session.countingCrash + KEYS;
    this.#session.countingCrash = next > crashes.length ? 1 : next;
    this.draw();
    const first = crashes[this.#session.countingCrash - 1];
    this.#focusEntry(this.#entries.find((each) => each.chip.id === first?.chip.id));
    this.#cell.say(
      `Crash points ${this.#session.countingCrash} to ${Math.min(crashes.length, this.#session.countingCrash + KEYS - 1)} of ${crashes.length}.`,
    );
    return true;
  }

  stopCounting(): boolean {
    if (this.#session.countingCrash === 0) return false;
    this.#session.countingCrash = 0;
    this.draw();
    return true;
  }

  #focusInput(): boolean {
    const field = this.#list.querySelector<HTMLInputElement>(".form input:not(:disabled)");
    field?.focus();
    field?.select();
    return field !== null;
  }

  #press(): void {
    const pressed = this.#session.ghost?.id;
    for (const element of this.#list.querySelectorAll<HTMLElement>("[data-entry]")) {
      const isPressed = this.#entries[Number(element.dataset["entry"])]?.chip.id === pressed;
      element.classList.toggle("pressed", isPressed);
      if (isPressed) element.setAttribute("aria-pressed", "true");
      else element.removeAttribute("aria-pressed");
    }
  }

  #focusEntry(entry: Entry | undefined): void {
    const index = entry ? this.#entries.indexOf(entry) : -1;
    this.#list.querySelector<HTMLElement>(`[data-entry="${index}"]`)?.focus();
  }

  #collect(groups: Group[]): Entry[] {
    const entries = groups.flatMap((group) => {
      const isCrash = group.key === "crash";
      const plain = (chip: Chip): Entry => ({
        chip,
        form: null,
        isCrash: isCrash && chip.mark !== "recover",
        key: 0,
      });
      const places = group.ruler.flatMap((ruler) =>
        ruler.places.flatMap((place) => (place.chip ? [plain(place.chip)] : [])),
      );
      return [
        ...group.forms.map((form) => ({ ...plain(this.#session.chipOf(form)), form })),
        ...group.items.flatMap((item) => item.chips.map(plain)),
        ...places,
      ];
    });
    const { countingCrash } = this.#session;
    const counted = entries.filter((each) => this.#isUsable(each.chip) && (countingCrash === 0 || each.isCrash));
    counted
      .slice(Math.max(0, countingCrash - 1))
      .slice(0, KEYS)
      .forEach((entry, order) => (entry.key = order + 1));
    return entries;
  }

  #take(entry: Entry | undefined): void {
    if (!entry) return;
    if (!entry.chip.enabled) this.#show(entry);
    if (entry.form) this.#session.fire(entry.form);
    else this.#session.take(entry.chip);
  }

  #indexOf(chip: Chip): number {
    return this.#entries.findIndex((each) => each.chip === chip);
  }

  #drawGroup(group: Group): HTMLElement {
    const rulers = group.ruler;
    const only = rulers.length === 1 && !group.note.includes(rulers[0]!.title) ? rulers[0]!.title : "";
    const reasons = longReasons(group);
    const words = [reasons.includes(group.note) ? "" : group.note, only && `in ${only}`].filter(Boolean).join(" · ");
    const element = h("section.group", { role: "group", "aria-label": group.title });
    element.append(h("h3", group.title, words ? h("span.n", { title: words }, words) : null));
    for (const form of group.forms)
      element.append(...drawForm(this.#session, this.#cell.uid, form, this.#drawChip(this.#entries.find((each) => each.form === form)!.chip)));
    for (const item of group.items)
      element.append(
        h("div.item", ...item.chips.map((chip) => this.#drawChip(chip)), item.note ? note(item.note) : null),
      );
    element.append(...reasons.map((reason) => h("p.note.reason", { title: reason }, reason)));
    if (group.loses.length) element.append(this.#drawLosses(group));
    for (const ruler of rulers) {
      if (rulers.length > 1) element.append(h("span.note.lead", { title: ruler.title }, `in ${ruler.title}`));
      element.append(drawRuler(ruler, measureOf(this.#cell.section), (place) => this.#drawPlace(ruler, place)));
    }
    if (group.off.length) element.append(this.#drawOff(group));
    return element;
  }

  /* On a saved page a choice that was taken leads to its step. */
  #isUsable(chip: Chip): boolean {
    return this.#session.canChoose ? chip.enabled : chip.taken >= 0;
  }

  #chipAttributes(chip: Chip, index: number): Record<string, string | number | boolean | null> {
    const usable = this.#isUsable(chip);
    const reason = chip.enabled && !usable ? this.#session.whyNot : chip.reason;
    return {
      "data-do": "choose",
      "data-entry": index,
      "data-focus": `chip ${index}`,
      "aria-disabled": usable ? null : "true",
      title: usable ? chip.title : reason,
      "aria-description": usable ? null : reason,
      "data-taken": chip.taken >= 0 ? chip.taken : null,
    };
  }

  #drawChip(chip: Chip): HTMLElement {
    const index = this.#indexOf(chip);
    const key = this.#entries[index]?.key ?? 0;
    const className = `chip${key ? "" : " nokey"}`;
    const taken = chip.taken >= 0 && !this.#entries[index]?.form ? h("span.to", { ...HIDDEN }, `›${chip.taken}`) : null;
    return h(
      "button",
      { class: className, ...this.#chipAttributes(chip, index) },
      key ? h("kbd", HIDDEN, key % 10) : null,
      chip.mark ? icon(chip.mark, 12) : null,
      h("span.words", { ...HIDDEN }, chip.text),
      taken,
      nameOf(chip),
    );
  }

  /* A number on a place is its key; the keys of those beyond ten come with c. */
  #drawPlace(ruler: Ruler, place: number): HTMLElement {
    const chip = ruler.places[place]!.chip!;
    const index = this.#indexOf(chip);
    const key = this.#entries[index]?.key ?? 0;
    return h(
      "button",
      { class: "chip place", ...this.#chipAttributes(chip, index) },
      h("kbd", HIDDEN, key ? key % 10 : this.#isUsable(chip) ? "•" : "·"),
      nameOf(chip),
    );
  }

  #drawOff(group: Group): HTMLElement {
    const words = group.off.map(({ text, reason }) =>
      h(
        "button.off",
        { "aria-disabled": "true", title: reason, "aria-description": reason, "data-do": "reason" },
        text,
      ),
    );
    return h("div.offs", group.off_lead ? note(group.off_lead) : null, ...words);
  }

  /* What a crash may take from the wire: nothing unless it is pressed. */
  #drawLosses(group: Group): HTMLElement {
    const toggles = group.loses.map(({ id, text }, order) => {
      const pressed = this.#session.loses.has(id);
      return h(
        "button",
        {
          class: `chip toggle nokey${pressed ? " on" : ""}`,
          "aria-pressed": String(pressed),
          "data-do": "lose",
          "data-order": order,
          disabled: !this.#session.canChoose,
          "data-focus": `lose ${order}`,
          title: `the crash also loses ${text}`,
        },
        icon(pressed ? "crash" : "unreached", 10),
        h("span.words", text),
      );
    });
    return h("div.item", { role: "group", "aria-label": "A crash also loses" }, note("also lose"), ...toggles);
  }

  #toggleLoss(element: HTMLElement): void {
    const losses = this.#session.view?.choices.groups.find((group) => group.loses.length)?.loses ?? [];
    const id = losses[Number(element.dataset["order"])]?.id;
    if (id === undefined) return;
    if (!this.#session.loses.delete(id)) this.#session.loses.add(id);
    this.draw();
  }

  #type(field: HTMLInputElement): void {
    const { form, field: name } = field.dataset;
    if (!form || !name) return;
    this.#session.typed.set(`${form}.${name}`, field.value);
    this.#changeFire(this.#entries.find((each) => each.form?.type === form)!);
  }

  /* Alone, so that the field keeps its cursor. */
  #changeFire(entry: Entry): void {
    const index = this.#entries.indexOf(entry);
    const chip = this.#session.chipOf(entry.form!);
    if (chip.enabled === entry.chip.enabled) return;
    entry.chip = chip;
    if (!chip.enabled) entry.key = 0;
    this.#list.querySelector(`[data-entry="${index}"]`)!.replaceWith(this.#drawChip(chip));
    this.#show(entry);
  }

  #enter(event: KeyboardEvent): void {
    const field = event.target as HTMLElement;
    if (event.key !== "Enter" || field.tagName !== "INPUT") return;
    event.preventDefault();
    this.#take(this.#entries.find((each) => each.form?.type === field.dataset["form"]));
  }

  #point(target: Element): void {
    const element = target.closest<HTMLElement>("[data-entry]");
    const entry = element && this.#entries[Number(element.dataset["entry"])];
    if (entry && entry.chip.id !== this.#hovered) this.#show(entry);
  }

  #show(entry: Entry): void {
    this.#hovered = entry.chip.id;
    this.#drawHovered();
  }

  /* Without a pointer on it, the first choice that can be taken is the one that is previewed. */
  #drawHovered(): void {
    const shown =
      this.#entries.find((each) => each.chip.id === this.#hovered) ?? this.#entries.find((each) => each.chip.enabled);
    for (const element of this.#list.querySelectorAll<HTMLElement>("[data-entry]")) {
      const entry = this.#entries[Number(element.dataset["entry"])];
      const isShown = entry === shown && entry?.chip.enabled === true;
      element.classList.toggle("is-hover", isShown);
      if (isShown) element.setAttribute("aria-describedby", this.#preview.id);
      else element.removeAttribute("aria-describedby");
    }
    this.#preview.replaceChildren(...drawPreview(shown?.chip, this.#session.view?.choices.empty ?? ""));
  }
}

export function mountChoices(model: Model, el: HTMLElement): () => void {
  return mountSingle(model, el, "choices1", "PHASM Lab choices", (session, cell) => {
    const part = new ChoicesPart(session, cell);
    const run = (command: Command): boolean => {
      if (command === "back") return session.post({ kind: "back" }) >= 0;
      return command === "out" ? part.stopCounting() || leaveCell(cell) : part.run(command);
    };
    return { part, keyboard: { choose: (digit) => part.choose(digit), run } };
  });
}
