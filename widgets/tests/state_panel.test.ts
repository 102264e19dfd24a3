import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { render } from "./bundles";
import type { View } from "../protocol";
import { FakeModel, makePlace, rootOf, viewAt } from "./fake_model";

let place: HTMLElement;
let unmount: () => void;

const mount = (view: View): void => {
  unmount = render({ model: new FakeModel({ view, selected: view.step }), el: place });
};
const texts = (selector: string): string[] =>
  [...rootOf(place).querySelectorAll(selector)].map((each) => each.textContent!);

beforeEach(() => {
  place = makePlace();
});
afterEach(() => {
  unmount();
  place.remove();
});

describe("properties in the state panel", () => {
  const judged = (sentence: string): View => {
    const view = viewAt(3);
    view.panel.properties = [{ name: "all_paid", kind: "always", state: "not judged", sentence, since: -1 }];
    return view;
  };

  test("one that could not be judged says why", () => {
    mount(judged("it returned a list, not a truth value"));
    expect(texts(".why")).toEqual(["all_paidnot judged: it returned a list, not a truth value"]);
    expect(texts(".prop")).toEqual([]);
  });

  test("one whose time has not come is a quiet line", () => {
    mount(judged(""));
    expect([texts(".why"), texts(".prop").length]).toEqual([[], 1]);
  });
});
