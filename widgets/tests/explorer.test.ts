import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mountStatic } from "../entries/phasm_lab";
import { render } from "./bundles";
import type { Row, Saved, Traits } from "../protocol";
import { FakeModel, makePlace, press, rootOf, saved, settled, timelineAt, viewAt } from "./fake_model";

let place: HTMLElement;
let model: FakeModel;
let unmount: () => void;

const mount = (traits: Partial<Traits> = {}, withSend = true): void => {
  model = new FakeModel(traits, withSend);
  unmount = render({ model, el: place });
};
const query = (selector: string): HTMLElement | null => rootOf(place).querySelector<HTMLElement>(selector);
const all = (selector: string): HTMLElement[] => [...rootOf(place).querySelectorAll<HTMLElement>(selector)];
const words = (selector: string): string => query(selector)?.textContent ?? "";

beforeEach(() => {
  place = makePlace();
});
afterEach(() => {
  unmount();
  place.remove();
});

describe("the explorer", () => {
  test("shows what the view says", () => {
    mount();
    expect(words("h2")).toBe("payments");
    expect(words(".panel h4")).toBe("7 · perform #1, charged");
    expect(words(".py code")).toBe('lab.perform(1, "charged")');
    expect(all(".group > h3").map((each) => each.firstChild!.textContent)).toEqual([
      "Inputs",
      "In flight",
      "Results",
      "Crash",
      "Storage",
    ]);
  });

  test("says that it is ready", () => {
    mount();
    expect(model.posted).toEqual([{ kind: "ready", serial: 1 }]);
  });

  test("a row is selected at once, before Python answers", () => {
    mount();
    query('[data-do="row"][data-index="3"]')!.dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true }));
    expect(query('[role="option"][aria-selected="true"]')!.parentElement!.getAttribute("data-index")).toBe("3");
    expect(model.get("selected")).toBe(3);
    expect(model.posted.at(-1)).toEqual({ kind: "goto", step: 3, serial: 2 });
  });

  test("a selection made meanwhile is not undone by an earlier answer", async () => {
    mount();
    press(place, "ArrowLeft");
    press(place, "ArrowLeft");
    model.set("view", viewAt(6));
    model.set("selected", 6);
    model.set("answer", { serial: 2, problem: null });
    await settled();
    expect(query('[role="option"][aria-selected="true"]')!.parentElement!.getAttribute("data-index")).toBe("5");
  });

  test("a selection that Python makes is followed", async () => {
    mount();
    model.set("view", viewAt(2));
    model.set("selected", 2);
    await settled();
    expect(query('[role="option"][aria-selected="true"]')!.parentElement!.getAttribute("data-index")).toBe("2");
  });

  test("a click presses the chip and adds a ghost row, before Python answers", async () => {
    mount();
    query('[data-entry="1"]')!.click();
    expect(query('[data-entry="1"]')!.getAttribute("aria-pressed")).toBe("true");
    expect(words(".ghost text")).toBe("deliver #1, charged, from 3 …");
    model.set("answer", { serial: model.posted.at(-1)!.serial, problem: null });
    await settled();
    expect(query(".ghost")).toBe(null);
  });

  test("a choice carries the step it was made at and what the crash takes from the wire", () => {
    mount({ view: viewAt(3), selected: 3 });
    query('[data-do="lose"]')!.click();
    all('[data-do="choose"]')
      .find((each) => each.textContent!.includes("now"))!
      .click();
    expect(model.posted.at(-1)).toEqual({ kind: "take", at: 3, choice: "crash:now", loses: ["result 1 3"], serial: 2 });
  });

  test("a form posts its fields as they were typed and keeps them where there is a problem", async () => {
    mount();
    const field = query('[aria-label="Pay.cents"]') as HTMLInputElement;
    field.value = "twelve";
    field.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    press(place, "Enter", field);
    const post = model.posted.at(-1)!;
    expect(post).toEqual({
      kind: "fire",
      at: 7,
      type: "Pay",
      fields: { user: "'bob'", cents: "twelve" },
      choice: "fire",
      serial: 2,
    });
    model.set("answer", {
      serial: post.serial,
      problem: {
        title: "twelve is no literal.",
        lines: ["Write a number."],
        fields: { cents: "not a Python literal" },
      },
    });
    await settled();
    expect((query('[aria-label="Pay.cents"]') as HTMLInputElement).value).toBe("twelve");
    expect(words(".wrong")).toBe("cents: not a Python literal");
    expect(words(".strip.problem .words")).toBe("twelve is no literal.Write a number.");
  });

  test("a problem goes away with the next answer", async () => {
    mount();
    model.set("answer", { serial: 1, problem: { title: "no", lines: [], fields: {} } });
    await settled();
    expect(words(".strip.problem .t")).toBe("no");
    model.set("answer", { serial: 2, problem: null });
    await settled();
    expect(query(".strip.problem")).toBe(null);
  });

  test("hovering a chip previews it without a post", () => {
    mount();
    query('[data-entry="1"]')!.dispatchEvent(new Event("pointerover", { bubbles: true, composed: true }));
    expect(words(".preview .note")).toBe("preview: deliver #1, charged, from 3");
    expect(model.kinds()).toEqual(["ready"]);
  });

  test("the sentence of a step is said once, in the one live region", async () => {
    mount();
    model.set("view", viewAt(4));
    await settled();
    expect(all("[aria-live]").map((each) => each.textContent)).toEqual([
      "Step 4: crash with the result on the wire. State unchanged. 1 queued action lost.",
    ]);
  });

  test("m marks A, then B, then A anew", async () => {
    mount();
    press(place, "m");
    press(place, "ArrowLeft");
    press(place, "m");
    await settled();
    expect(all(".side p").map((each) => each.textContent)).toEqual(["Acharged twice step 7", "Bcharged twice step 6"]);
  });

  test("a saved page offers what was taken and nothing new", () => {
    mount({ read_only: true, view: viewAt(3), selected: 3 });
    expect(words(".strip span")).toBe("Saved run: 17 steps, 3 branches.");
    all('[data-do="choose"]')
      .find((each) => each.textContent!.includes("deliver"))!
      .click();
    expect(model.posted.at(-1)).toEqual({ kind: "goto", step: 10, serial: 2 });
    all('[data-do="choose"]')
      .find((each) => each.textContent!.includes("fire"))!
      .click();
    expect(model.posted.length).toBe(2);
  });

  test("the tables hold the same steps and branches", async () => {
    mount();
    press(place, "?");
    query('[data-do="stepsTable"]')!.click();
    press(place, "?");
    query('[data-do="branchesTable"]')!.click();
    expect(all(".lanebody tbody tr").length).toBe(10);
    expect(all(".lanebody tbody tr")[5]!.textContent).toBe("5recoverrecovercommittedChargeCard #1, again, as at 1hold");
    expect(all(".map tbody tr").map((each) => each.firstChild!.textContent)).toEqual([
      "charged twice",
      "no crash",
      "crash before dispatch",
    ]);
  });

  test("an id is used once in a cell", () => {
    mount();
    const ids = all("[id]").map((each) => each.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("long runs", () => {
  const row = (step: number): Row => ({
    ...timelineAt(0).rows[2]!,
    step,
    label: `request #${step}`,
    say: `Step ${step}.`,
  });
  const count = 5000;
  const outline = `S${Array.from({ length: count - 1 }, (_, index) => (index % 40 === 0 ? "X" : "D")).join("")}`;
  const longTraits = (): Partial<Traits> => ({
    selected: count - 1,
    view: { ...viewAt(7), step: count - 1, newest: count - 1, row: count - 1 },
    timeline: {
      ...timelineAt(0),
      branch: count - 1,
      row_count: count,
      first: count - 200,
      rows: Array.from({ length: 200 }, (_, index) => row(count - 200 + index)),
      threads: [],
      outline,
    },
    tree: {
      step_count: count,
      names: [],
      selected: count - 1,
      newest: count - 1,
      segments: [{ parent: -1, depth: 0, steps: Array.from({ length: count }, (_, step) => step), kinds: outline }],
    },
  });

  test("at five thousand steps at most sixty rows are in the page", () => {
    mount(longTraits());
    expect(all(".row").length).toBeLessThanOrEqual(60);
    expect(all('[role="option"], tr').length).toBeLessThanOrEqual(300);
  });

  test("rows that are needed and have not come are asked for, once", async () => {
    mount(longTraits());
    press(place, "Home");
    await settled();
    expect(model.posted.filter((post) => post.kind === "rows")).toEqual([
      { kind: "rows", first: 0, count: 200, serial: expect.any(Number) },
    ]);
  });

  test("a bead opens on a click", () => {
    mount(longTraits());
    const before = all(".row").length;
    all(".bead")
      .at(-1)!
      .dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true }));
    expect(all(".row").length).toBeGreaterThan(before);
  });

  test("find posts what is typed, and n goes to the next row that was found", async () => {
    mount();
    press(place, "/");
    const field = query(".finder input") as HTMLInputElement;
    field.value = "crash";
    field.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    expect(model.posted.at(-1)).toEqual({ kind: "find", text: "crash", serial: 2 });
    model.set("timeline", { ...timelineAt(0), found: { text: "crash", rows: [4] } });
    await settled();
    press(place, "n");
    expect(model.posted.at(-1)).toEqual({ kind: "goto", step: 4, serial: 3 });
    expect(words(".finder .note")).toBe("1 of 1");
  });
});

describe("a static page", () => {
  test("steps through another branch without a kernel", async () => {
    unmount = mountStatic(place, structuredClone(saved) as Saved);
    expect(words(".panel h4")).toBe("7 · perform #1, charged");
    press(place, "b");
    await settled();
    expect(words(".panel h4")).toBe("11 · Pay(bob, 120)");
    expect(all(".row").length).toBe(6);
  });

  test("finds steps by their words", async () => {
    unmount = mountStatic(place, structuredClone(saved) as Saved);
    press(place, "/");
    const field = query(".finder input") as HTMLInputElement;
    field.value = "crash";
    field.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    await settled();
    expect(words(".finder .note")).toBe("1 found");
  });
});
