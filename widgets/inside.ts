/* A part of another bundle inside this cell, in place of what was there, with a way back. Python hands over the bundle's text when it is
   first asked for, since a host loads one bundle for each widget. */

import type { Cell } from "./cell";
import { button, h } from "./dom";
import { type Model, read } from "./model";
import type { Traits } from "./protocol";
import type { Part, Session } from "./session";
import type { WidgetModule } from "./widget_module";

async function load(text: string): Promise<WidgetModule> {
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return ((await import(/* @vite-ignore */ address)) as { default: WidgetModule }).default;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/* The same model, seen by a part inside the one that it belongs to. */
function insideOf(model: Model, part: Traits["part"]): Model {
  const get = (name: string): unknown => (name === "part" ? part : model.get(name));
  return Object.assign(Object.create(model) as Model, { inside: true, get });
}

export class InsidePart implements Part {
  readonly uses = ["answer", "other_bundle"] as const;
  readonly element: HTMLElement;
  readonly #title = h("b");
  readonly #body = h("div.insidebody");
  #serial = 0; /* of the post that asked for it; 0: nothing is shown */
  #unmount: (() => void) | null = null;

  readonly #session: Session;
  readonly #cell: Cell;
  readonly #part: Traits["part"];
  readonly #toggled: (isShown: boolean) => void;

  /* `toggled` is told when the part comes and goes. */
  constructor(session: Session, cell: Cell, part: Traits["part"], back: string, toggled: (isShown: boolean) => void) {
    this.#session = session;
    this.#cell = cell;
    this.#part = part;
    this.#toggled = toggled;
    cell.actions["back"] = () => void this.close();
    cell.defer(() => this.#unmount?.());
    const head = h("div.cap", this.#title, button("back", back));
    this.element = h(
      "section.inside",
      { "aria-label": back, hidden: true, tabindex: -1, "data-focus": "inside" },
      head,
      this.#body,
    );
  }

  /* Shows what the post with this serial asked for. */
  open(serial: number, title: string): void {
    this.close();
    this.#serial = serial;
    this.#title.textContent = title;
    this.element.hidden = serial === 0;
    this.#toggled(serial !== 0);
    if (serial) this.#cell.focus(this.element);
    this.draw();
  }

  close(): boolean {
    const wasShown = this.#serial > 0;
    this.#serial = 0;
    this.#unmount?.();
    this.#unmount = null;
    this.#body.replaceChildren();
    this.element.hidden = true;
    if (wasShown) this.#toggled(false);
    return wasShown;
  }

  draw(): void {
    const { model } = this.#session;
    const bundle = read(model, "other_bundle");
    const answer = read(model, "answer");
    if (!this.#serial || this.#unmount || (answer?.serial ?? 0) < this.#serial) return;
    if (answer?.problem) this.close();
    else if (bundle) void this.#mount(bundle, this.#serial);
  }

  async #mount(bundle: string, serial: number): Promise<void> {
    this.#unmount = () => undefined;
    const widgets = await load(bundle);
    if (this.#serial !== serial) return;
    this.#unmount = widgets.render({ model: insideOf(this.#session.model, this.#part), el: this.#body });
  }
}
