import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { render } from "./bundles";
import type { Chip, View } from "../protocol";
import { FakeModel, makePlace, press, rootOf, settled, viewAt } from "./fake_model";

let place: HTMLElement;
let unmount: () => void;

const mount = (view: View): void => {
  unmount = render({ model: new FakeModel({ view, selected: view.step }), el: place });
};
const texts = (selector: string): string[] =>
  [...rootOf(place).querySelectorAll(selector)].map((each) => each.textContent!);
const chipsOfRuler = (view: View): Chip[] =>
  view.choices.groups.flatMap((group) => group.ruler.flatMap((ruler) => ruler.places.flatMap(({ chip }) => chip ?? [])));

beforeEach(() => {
  place = makePlace();
});
afterEach(() => {
  unmount();
  place.remove();
});

describe("the numbers on the crash ruler", () => {
  test("a place that is not possible has none", () => {
    const view = viewAt(1);
    Object.assign(chipsOfRuler(view)[1]!, { enabled: false, reason: "recovery crashes are used up" });
    mount(view);
    expect(texts(".ruler kbd")).toEqual(["5", "·", "6", "7", "8"]);
  });

  test("no number stands there twice while the keys count the crash points beyond ten", async () => {
    const view = viewAt(1);
    const places = view.choices.groups.find((group) => group.key === "crash")!.ruler[0]!.places;
    const first = chipsOfRuler(view)[0]!;
    for (let number = 0; number < 10; number++) places.push({ mark: null, chip: { ...first, id: `more ${number}` } });
    mount(view);
    press(place, "c");
    press(place, "c");
    await settled();
    const shown = texts(".ruler kbd").filter((text) => text !== "·");
    expect(shown).toEqual(["•", "•", "•", "•", "•", "•", "•", "•", "•", "1", "2", "3", "4", "5", "6"]);
  });

  test("the tenth choice has the key 0, and those beyond have none until they are counted", async () => {
    const view = viewAt(1);
    const places = view.choices.groups.find((group) => group.key === "crash")!.ruler[0]!.places;
    const first = chipsOfRuler(view)[0]!;
    for (let number = 0; number < 3; number++) places.push({ mark: null, chip: { ...first, id: `more ${number}` } });
    const model = new FakeModel({ view, selected: view.step });
    unmount = render({ model, el: place });
    expect(texts(".ruler kbd")).toEqual(["5", "6", "7", "8", "9", "0", "•", "•"]);
    press(place, "0");
    await settled();
    expect(model.posted.at(-1)).toMatchObject({ kind: "take", choice: "more 0" });
  });

  test("a long ruler goes on in lines that the narrowest column has room for, each place with its caption", () => {
    const view = viewAt(1);
    const ruler = view.choices.groups.find((group) => group.key === "crash")!.ruler[0]!;
    const access = chipsOfRuler(view)[0]!;
    const chip = (id: string) => ({ mark: null, chip: { ...access, id } });
    ruler.places.splice(1, 1, ...["accept", "a 1", "a 2", "a 3", "a 4", "before"].map(chip));
    ruler.words = [
      { text: "accept", first: 0, last: 1 },
      { text: "access 1 to 4", first: 2, last: 5 },
      { text: "before", first: 6, last: 6 },
      { text: "unknown", first: 7, last: 8 },
      { text: "after", first: 9, last: 13 },
    ];
    mount(view);
    const lines = [...rootOf(place).querySelectorAll<HTMLElement>(".ruler")];
    const widths = lines.map((line) =>
      line.style.gridTemplateColumns.split(" ").reduce((sum, column) => sum + parseInt(column) + 1, 0),
    );
    const words = lines.map((line) => [...line.querySelectorAll(".w")].map((word) => word.textContent));
    expect(words).toEqual([
      ["accept", "access 1 to 4", "before"],
      ["unknown", "after"],
    ]);
    expect(Math.max(...widths)).toBeLessThanOrEqual(176);
  });

  test("what has one caption stays together on a line", () => {
    const view = viewAt(1);
    const ruler = view.choices.groups.find((group) => group.key === "crash")!.ruler[0]!;
    const access = chipsOfRuler(view)[0]!;
    const chip = (id: string) => ({ mark: null, chip: { ...access, id } });
    const arrow = { mark: "tracked", chip: null } as const;
    ruler.places = [arrow, chip("accept"), chip("1"), chip("before"), arrow, chip("unknown"), chip("0"), arrow, chip("1 out")];
    ruler.words = [
      { text: "accept", first: 0, last: 1 },
      { text: "unknown", first: 4, last: 5 },
      { text: "after, 0 1 out", first: 6, last: 8 },
    ];
    mount(view);
    const lines = [...rootOf(place).querySelectorAll(".ruler")];
    const shown = lines.map((line) => [line.querySelectorAll(".place").length, line.querySelector(".w:last-child")!.textContent]);
    expect(shown).toEqual([
      [4, "unknown"],
      [2, "after, 0 1 out"],
    ]);
  });
});

describe("an input that was fired already", () => {
  const reason = "Pay(bob, 120) was fired already; change a value to fire another";
  const fired = (): { model: FakeModel; fire: () => HTMLElement; type: (text: string) => void } => {
    const view = viewAt(1);
    Object.assign(view.choices.groups[0]!.forms[0]!.chip, { enabled: false, reason });
    const model = new FakeModel({ view, selected: 1 });
    unmount = render({ model, el: place });
    const find = (selector: string): HTMLElement => rootOf(place).querySelector<HTMLElement>(selector)!;
    const type = (text: string): void => {
      const field = find(".form input") as HTMLInputElement;
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    return { model, fire: () => find(".form .chip"), type };
  };
  const isOff = (chip: HTMLElement): boolean => chip.getAttribute("aria-disabled") === "true";

  test("has no key, is not fired by a click, and says what to do", () => {
    const { model, fire } = fired();
    fire().click();
    const said = rootOf(place).querySelector("[aria-live]")!.textContent;
    expect([isOff(fire()), fire().querySelector("kbd"), said]).toEqual([true, null, reason]);
    expect(model.posted.filter(({ kind }) => kind === "fire")).toEqual([]);
  });

  test("can be fired with a changed value, from the field that keeps the cursor", async () => {
    const { model, fire, type } = fired();
    const field = rootOf(place).querySelector(".form input");
    type("'cleo'");
    expect([isOff(fire()), rootOf(place).querySelector(".form input") === field]).toEqual([false, true]);
    fire().click();
    await settled();
    expect(model.posted.at(-1)).toMatchObject({ kind: "fire", fields: { user: "'cleo'", cents: "120" } });
  });

  test("cannot be fired again once the value is what it was", () => {
    const { fire, type } = fired();
    type("'cleo'");
    type("'bob'");
    expect(isOff(fire())).toBe(true);
  });
});

describe("why an input cannot be fired", () => {
  const reason = "step 7: the field 'pendign' is not a field of the dataclass State: name one of next_id, pending, paid.";
  const withReason = (text: string, note: string): View => {
    const view = viewAt(7);
    const inputs = view.choices.groups[0]!;
    inputs.note = note;
    inputs.forms[0]!.editable = false;
    Object.assign(inputs.forms[0]!.chip, { enabled: false, reason: text });
    return view;
  };

  test("a long reason is written below the group's title, once", () => {
    mount(withReason(reason, reason));
    expect([texts(".reason"), texts(".group h3")[0]]).toEqual([[reason], "Inputs"]);
  });

  test("a short one is what the note says already", () => {
    mount(withReason("process is down: recover first", "Pay · recover first"));
    expect([texts(".reason"), texts(".group h3")[0]]).toEqual([[], "InputsPay · recover first"]);
  });
});
