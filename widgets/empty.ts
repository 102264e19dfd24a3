/* What stands in the empty lanes: that nothing has happened yet, and what can be done about it. */

import { button, h, plural } from "./dom";
import { keyChip } from "./header";
import type { Chip, Search } from "./protocol";
import type { Part, Session } from "./session";

function sentence(search: Search | null, canCheck: boolean): string {
  const found = search?.findings[0];
  if (found) return `The shortest run that goes wrong has ${plural(found.step_count, "step")}.`;
  if (!search)
    return `Fire the first input, or let ${canCheck ? "the lab look for a run that goes wrong" : "the process crash before it comes"}.`;
  return search.state === "ended" ? "Fire the first input, or crash." : "The lab looks at every run. Fire the first input meanwhile.";
}

export class EmptyPart implements Part {
  readonly uses = ["view", "search", "read_only", "connection"] as const;
  readonly element = h("div.empty");
  #drawn = "";

  readonly #session: Session;
  readonly #canCheck: boolean;

  /* `canCheck`: whether the cell searches, opens what was found and takes its first choice. */
  constructor(session: Session, canCheck = false) {
    this.#session = session;
    this.#canCheck = canCheck;
    this.draw();
  }

  /* Only where something else is to be said: while a search goes on it tells several times a second, and a click must not lose its button. */
  draw(): void {
    const { search, canChoose } = this.#session;
    const first = this.#canCheck && canChoose ? this.#firstChip() : undefined;
    const words = sentence(search, first !== undefined);
    const found = first && search?.findings[0];
    const now = JSON.stringify([words, first?.id, found?.id]);
    if (now === this.#drawn) return;
    this.#drawn = now;
    const open = found && button("openRun", `Open ${found.title}`, { "data-run": found.id }, "sm strong");
    const fire = first && keyChip("firstChoice", "1", `${first.text} ${first.title}`, first.mark);
    const check = first && !search && keyChip("check", "x", "check");
    this.element.replaceChildren(h("p.t", "Nothing has happened yet."), h("p", words), h("div.item", open, fire, check));
  }

  #firstChip(): Chip | undefined {
    return this.#session.view?.choices.groups
      .flatMap((group) => [...group.forms.map((form) => form.chip), ...group.items.flatMap((item) => item.chips)])
      .find((chip) => chip.enabled);
  }
}
