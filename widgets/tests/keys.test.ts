import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { render } from "./bundles";
import { FakeModel, makePlace, press, rootOf, settled, viewAt } from "./fake_model";

let place: HTMLElement;
let model: FakeModel;
let unmount: () => void;
let heard: string[];
const listen = (event: Event): void => void heard.push((event as KeyboardEvent).key);

beforeEach(() => {
  place = makePlace();
  model = new FakeModel();
  unmount = render({ model, el: place });
  heard = [];
  document.addEventListener("keydown", listen);
});
afterEach(() => {
  document.removeEventListener("keydown", listen);
  unmount();
  place.remove();
});

const chosenTab = (): string => rootOf(place).querySelector('[role="tab"][aria-selected="true"]')!.textContent!;

describe("keys", () => {
  test.each([
    ["ArrowLeft", 6],
    ["k", 6],
    ["ArrowRight", 8],
    ["j", 8],
    ["Home", 0],
    ["End", 9],
  ])("%s goes to step %i", (key, step) => {
    press(place, key);
    expect(model.posted.at(-1)).toMatchObject({ kind: "goto", step });
  });

  test("a digit takes the choice that carries it", () => {
    press(place, "2");
    expect(model.posted.at(-1)).toMatchObject({ kind: "take", at: 7, choice: "deliver 1 3" });
  });

  test("Backspace goes back one step", () => {
    press(place, "Backspace");
    expect(model.posted.at(-1)).toMatchObject({ kind: "back" });
  });

  test("d, f and s open the three tabs", async () => {
    const opened = [];
    for (const key of ["f", "s", "d"]) {
      press(place, key);
      await settled();
      opened.push(chosenTab());
    }
    expect(opened).toEqual(["full", "code", "diff"]);
  });

  test("b and B go around the branches", () => {
    press(place, "b");
    expect(model.posted.at(-1)).toMatchObject({ kind: "goto", step: 11 });
    press(place, "B");
    expect(model.posted.at(-1)).toMatchObject({ kind: "goto", step: 16 });
  });

  test("after c the digits count crash points", async () => {
    model.set("view", viewAt(1));
    model.set("selected", 1);
    await settled();
    press(place, "c");
    press(place, "2");
    expect(model.posted.at(-1)).toMatchObject({ kind: "take", choice: "crash:bc" });
  });

  test("i goes to the input form", () => {
    press(place, "i");
    expect(rootOf(place).activeElement!.getAttribute("aria-label")).toBe("Pay.user");
  });

  test("in a text field no key is a command, and none leaves the cell", () => {
    const field = rootOf(place).querySelector(".form input")!;
    for (const key of ["1", "b", "d", "Backspace", "x"]) press(place, key, field);
    expect(model.kinds()).toEqual(["ready"]);
    expect(heard).toEqual([]);
  });

  test("no key leaves the cell but Tab", () => {
    for (const key of ["x", "d", "a", "ArrowLeft"]) press(place, key);
    press(place, "Enter", undefined, { shiftKey: true });
    press(place, "Tab");
    expect(heard).toEqual(["Tab"]);
  });

  test.each(["section", ".form input", ".scroller"])("with Ctrl, Meta or Alt no key leaves %s or is a command", (at) => {
    for (const modifier of ["ctrlKey", "metaKey", "altKey"])
      for (const key of ["a", "f", "b", "c"])
        press(place, key, rootOf(place).querySelector(at)!, { [modifier]: true });
    expect([heard, model.kinds(), chosenTab()]).toEqual([[], ["ready"], "diff"]);
  });

  test("Ctrl+A selects the text of a field, and nothing elsewhere", () => {
    const prevented = (at: string): boolean =>
      press(place, "a", rootOf(place).querySelector(at)!, { ctrlKey: true }).defaultPrevented;
    expect([prevented(".form input"), prevented("section"), prevented(".scroller")]).toEqual([false, true, true]);
  });

  test("Ctrl+S saves the notebook from within the cell, and is no command", () => {
    press(place, "s", undefined, { ctrlKey: true });
    press(place, "s", rootOf(place).querySelector(".form input")!, { metaKey: true });
    expect([heard, chosenTab()]).toEqual([["s", "s"], "diff"]);
  });

  test("the browser's own copy, paste and reload stay", () => {
    const prevented = ["c", "v", "r"].map((key) => press(place, key, undefined, { ctrlKey: true }).defaultPrevented);
    expect(prevented).toEqual([false, false, false]);
  });

  test("a host that listens first is asked to pass over the cell", () => {
    expect(place.firstElementChild!.hasAttribute("data-lm-suppress-shortcuts")).toBe(true);
  });

  test("a key that was a command is prevented", () => {
    expect([press(place, "j").defaultPrevented, press(place, "q").defaultPrevented]).toEqual([true, false]);
  });

  test("Esc leaves what is open, then the cell", () => {
    press(place, "?");
    expect(rootOf(place).querySelector('[role="dialog"]')).not.toBe(null);
    press(place, "Escape");
    expect(rootOf(place).querySelector('[role="dialog"]')).toBe(null);
    expect(heard).toEqual([]);
    press(place, "Escape");
    expect(heard).toEqual(["Escape"]);
  });

  test("a focused button of the header keeps the focus over the next step", async () => {
    rootOf(place).querySelector<HTMLElement>('[data-do="verdict"]')!.focus();
    model.set("view", viewAt(8));
    await settled();
    expect(rootOf(place).activeElement!.getAttribute("data-do")).toBe("verdict");
  });

  test("keys work after the part with the focus was drawn again", async () => {
    rootOf(place).querySelector<HTMLElement>('[data-entry="1"]')!.focus();
    model.set("view", viewAt(8));
    model.set("selected", 8);
    await settled();
    const focused = rootOf(place).activeElement!;
    expect(focused.getAttribute("data-focus")).toBe("chip 1");
    press(place, "k", focused);
    expect(model.posted.at(-1)).toMatchObject({ kind: "goto", step: 7 });
  });
});
