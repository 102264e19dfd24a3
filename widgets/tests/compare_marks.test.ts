import { afterEach, beforeEach, describe, expect, test } from "vitest";
import explorer from "../entries/phasm_lab";
import { FakeModel, makePlace, press, rootOf, settled } from "./fake_model";

let place: HTMLElement;
let model: FakeModel;
let unmount: () => void;

const query = (selector: string): HTMLElement => rootOf(place).querySelector<HTMLElement>(selector)!;

beforeEach(() => {
  place = makePlace();
});
afterEach(() => {
  unmount();
  place.remove();
});

describe("comparing in the explorer", () => {
  const mountExplorer = (): void => {
    model = new FakeModel({ part: "explorer", comparison: null, other_bundle: "" });
    unmount = explorer.render({ model, el: place });
  };

  test("two steps are marked first", () => {
    mountExplorer();
    press(place, "=");
    expect(query("[aria-live]").textContent).toBe("Two marked steps can be compared: m marks the selected one.");
    expect(query('[data-do="compare"]')).toBeNull();
    expect(model.kinds()).not.toContain("compare");
  });

  test("one step is not marked twice", async () => {
    mountExplorer();
    for (const key of ["m", "m"]) press(place, key);
    await settled();
    expect(query("[aria-live]").textContent).toBe("A is at step 7 already: m marks B at another step.");
    expect([...rootOf(place).querySelectorAll(".flagname")].map((flag) => flag.textContent)).toEqual(["A"]);
  });

  test("the runs to both are laid side by side in place of the lanes, and there is a way back", async () => {
    mountExplorer();
    for (const key of ["m", "ArrowLeft", "m"]) press(place, key);
    await settled();
    query('[data-do="compare"]').click();
    expect(model.posted.at(-1)).toMatchObject({ kind: "compare", left: 7, right: 6 });
    expect([query(".inside").hidden, query(".inside b").textContent, query(".choices").inert]).toEqual([
      false,
      "A, step 7, beside B, step 6",
      true,
    ]);
    press(place, "Escape");
    expect([query(".inside").hidden, query(".choices").inert]).toEqual([true, false]);
  });

  test("what cannot be compared is said, and the lanes are back", async () => {
    mountExplorer();
    for (const key of ["m", "ArrowLeft", "m", "="]) press(place, key);
    const { serial } = model.posted.at(-1)!;
    model.set("answer", { serial, problem: { title: "step 7: there is no such step", lines: [], fields: {} } });
    await settled();
    expect([query(".inside").hidden, query(".strip.problem .t").textContent]).toEqual([
      true,
      "step 7: there is no such step",
    ]);
  });

  test("inside a crash matrix nothing is compared, and each post says where it comes from", () => {
    mountExplorer();
    unmount();
    const inside = Object.assign(model, { inside: true });
    unmount = explorer.render({ model: inside, el: place });
    for (const key of ["m", "ArrowLeft", "m", "="]) press(place, key);
    expect(model.kinds()).not.toContain("compare");
    expect(model.posted.at(-1)).toMatchObject({ kind: "goto", inside: true });
  });
});
