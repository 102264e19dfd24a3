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

  test("no number stands there twice while the keys count the crash points beyond nine", async () => {
    const view = viewAt(1);
    const places = view.choices.groups.find((group) => group.key === "crash")!.ruler[0]!.places;
    const first = chipsOfRuler(view)[0]!;
    for (let number = 0; number < 10; number++) places.push({ mark: null, chip: { ...first, id: `more ${number}` } });
    mount(view);
    press(place, "c");
    press(place, "c");
    await settled();
    const shown = texts(".ruler kbd").filter((text) => text !== "·");
    expect(shown).toEqual(["1", "2", "3", "4", "5", "6", "7"]);
  });
});

describe("why an input cannot be fired", () => {
  const reason = "step 7: the field 'pendign' is not a field of the dataclass State: name one of next_id, pending, paid.";
  const withReason = (text: string, note: string): View => {
    const view = viewAt(7);
    const inputs = view.choices.groups[0]!;
    inputs.note = note;
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
