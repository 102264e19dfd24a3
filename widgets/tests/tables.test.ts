import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { render } from "./bundles";
import type { Traits } from "../protocol";
import { FakeModel, makePlace, press, rootOf, saved } from "./fake_model";

let place: HTMLElement;
let heard: string[];
let unmount: () => void;
const listen = (event: Event): void => void heard.push((event as KeyboardEvent).key);

const mount = (part: Traits["part"]): void => {
  unmount = render({ model: new FakeModel({ part, graph: saved.traits.graph! }), el: place });
};
const click = (action: string): void => rootOf(place).querySelector<HTMLElement>(`[data-do="${action}"]`)!.click();
const tableCount = (): number => rootOf(place).querySelectorAll("table").length;

beforeEach(() => {
  place = makePlace();
  heard = [];
  document.addEventListener("keydown", listen);
});
afterEach(() => {
  document.removeEventListener("keydown", listen);
  unmount();
  place.remove();
});

describe("Esc goes from a table back to the picture and stays in the cell", () => {
  test("in the explorer, from both tables", () => {
    mount("explorer");
    for (const action of ["stepsTable", "branchesTable"]) {
      press(place, "?");
      click(action);
    }
    expect(tableCount()).toBe(2);
    press(place, "Escape");
    expect([tableCount(), heard, rootOf(place).activeElement!.tagName]).toEqual([0, [], "SECTION"]);
    expect(rootOf(place).querySelectorAll(".row").length).toBe(10);
  });

  test.each([
    ["timeline", "stepsTable"],
    ["state_graph", "graphTable"],
  ] as const)("in the %s", (part, action) => {
    mount(part);
    const button = (): HTMLElement => rootOf(place).querySelector<HTMLElement>(`[data-do="${action}"]`)!;
    button().focus();
    click(action);
    expect(tableCount()).toBe(1);
    press(place, "Escape", button());
    expect([tableCount(), heard]).toEqual([0, []]);
    expect([button().textContent, button().getAttribute("aria-pressed")]).toEqual(["Show as table", "false"]);
    expect(rootOf(place).activeElement).toBe(button());
  });
});
