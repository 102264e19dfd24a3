/* Beside the branch strip: the two marked steps, and what can be done with the branch. */

import type { Cell } from "./cell";
import { LINE, button, h, note } from "./dom";
import type { Part, Session } from "./session";

export class BranchSidePart implements Part {
  readonly uses = ["marks", "tree", "selected", "read_only", "connection"] as const;
  readonly element = h("div.side");
  #naming = false;

  readonly #session: Session;
  readonly #cell: Cell;

  constructor(session: Session, cell: Cell) {
    this.#session = session;
    this.#cell = cell;
    cell.actions["nameBranch"] = () => this.#startNaming();
    cell.actions["saveName"] = () => this.#saveName();
    cell.actions["without"] = () => void session.post({ kind: "without", step: session.selected });
    cell.actions["goMark"] = (element) => session.select(Number(element.dataset["step"]));
    cell.listen(this.element, "keydown", (event) => this.#key(event as KeyboardEvent));
  }

  draw(): void {
    if (this.#naming) return;
    const lines = [this.#markLine("A"), this.#markLine("B")];
    const compare = button("compare", "Compare A with B", {}, LINE);
    this.element.replaceChildren(
      ...(this.#session.canCompare ? [h("div.two", ...lines), compare] : lines),
      this.#buttons(),
    );
  }

  #nameOf(step: number): string {
    const { tree } = this.#session;
    const segment = tree.segments.find((each) => each.steps.includes(step));
    return tree.names.find((each) => each.step === step || segment?.steps.includes(each.step))?.name ?? "";
  }

  #markLine(name: "A" | "B"): HTMLElement {
    const step = this.#session.marks[name];
    const flag = h("span", { class: `flag${step === null ? " unset" : ""}` }, name);
    if (step === null) {
      const words = name === "A" ? "m marks the selected step" : "then m at another step";
      return h("p", flag, note(words));
    }
    const go = h(
      "button.link",
      { "data-do": "goMark", "data-step": step, "data-focus": `mark ${name}` },
      this.#nameOf(step) || "step",
      " ",
      note(this.#nameOf(step) ? `step ${step}` : String(step)),
    );
    return h("p", flag, go);
  }

  #buttons(): HTMLElement {
    const { canChoose, selected } = this.#session;
    const name = button("nameBranch", "Name this branch", { disabled: !canChoose }, LINE);
    const without = button(
      "without",
      "Without this step",
      {
        disabled: !canChoose || selected === 0,
        title: `a new branch: the same run, had step ${selected} not happened`,
      },
      LINE,
    );
    return h("div.two", name, without);
  }

  #startNaming(): void {
    this.#naming = true;
    const field = h("input.find", {
      "aria-label": "Name of this branch",
      placeholder: "a name for this branch",
      maxlength: 80,
      "data-focus": "branchName",
    });
    field.value = this.#nameOf(this.#session.selected);
    const save = button("saveName", "Save", {}, LINE);
    this.element.replaceChildren(
      h("p.plain", note(`names the branch through step ${this.#session.selected}`)),
      h("div.naming", field, save),
    );
    field.focus();
  }

  #key(event: KeyboardEvent): void {
    if (!this.#naming) return;
    if (event.key === "Enter") this.#saveName();
    else if (event.key === "Escape") this.#stopNaming();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #saveName(): void {
    const name = this.element.querySelector("input")?.value.trim() ?? "";
    if (name) this.#session.post({ kind: "name", step: this.#session.selected, name });
    this.#stopNaming();
  }

  #stopNaming(): void {
    this.#naming = false;
    this.draw();
    this.#cell.focus(this.element.querySelector<HTMLElement>("[data-do=nameBranch]"));
  }
}
