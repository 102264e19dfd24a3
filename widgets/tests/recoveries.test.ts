import { afterEach, beforeEach, describe, expect, test } from "vitest";
import recoveries, { mountStatic } from "../entries/recoveries";
import { outOfSight } from "../matrix_beyond";
import { moved } from "../matrix_grid";
import type { Comparison, Matrix, MatrixCell, Moment, Run, Traits } from "../protocol";
import { FakeModel, makePlace, press, rootOf, settled } from "./fake_model";

let place: HTMLElement;
let model: FakeModel;
let unmount: () => void = () => undefined;

const query = (selector: string): HTMLElement => rootOf(place).querySelector<HTMLElement>(selector)!;
const all = (selector: string): HTMLElement[] => [...rootOf(place).querySelectorAll<HTMLElement>(selector)];
const cellAt = (id: string): HTMLElement => query(`td[data-id="${id}"]`);
const focused = (): string | undefined => (rootOf(place).activeElement as HTMLElement | null)?.dataset["id"];

const found = (letter: string, share = ""): MatrixCell => ({
  letter,
  name: { S: "same outcome", 2: "effect performed twice", "?": "not searched" }[letter]!,
  share,
  sentence: letter === "?" ? "Step 2, b: not searched" : `Crash at step 1, b: it ends as ${letter}`,
  step_count: letter === "?" ? 0 : 7,
});
const matrixOf = (changed: Partial<Matrix> = {}): Matrix => ({
  name: "payments",
  note: "3 crash points, 4 crashes",
  warning: "",
  state: "ended",
  filled_count: 3,
  point_count: 3,
  columns: [
    { key: "a", label: "before accept", group: "in a transition" },
    { key: "b", label: "result on wire", group: "outside the process" },
  ],
  rows: [
    { step: 1, label: "fire <b>Pay</b>", is_input: true, cells: [found("S"), found("2", "1/2")] },
    { step: 2, label: "dispatch 1", is_input: false, cells: [null, found("?")] },
  ],
  legend: [
    { letter: "S", name: "same outcome", count: 1, note: "", is_bad: false },
    { letter: "2", name: "effect performed twice", count: 1, note: "1 break a property", is_bad: true },
  ],
  worst: "1 b",
  ...changed,
});
const momentOf = (changed: Partial<Moment> = {}): Moment => ({
  step: "4",
  mark: "tracked",
  title: "perform ChargeCard 1",
  changes: [],
  unchanged: "",
  links: [],
  twice: "",
  dead: false,
  ...changed,
});
const comparisonOf = (changed: Partial<Comparison> = {}): Comparison => ({
  verdict: [
    { text: "Same final state.", bad: false },
    { text: "ChargeCard 1 was performed twice on the right.", bad: true },
  ],
  note: "Left: the crash-free run. Right: crash at step 1.",
  bad: "right",
  left: {
    title: "the crash-free run",
    step_count: 4,
    cell: "",
    chosen: "",
    options: [{ id: "", text: "crash-free run" }],
  },
  right: {
    title: "crash at step 1",
    step_count: 1,
    cell: "1 b",
    chosen: "1 b 0",
    options: [
      { id: "", text: "crash-free run" },
      { id: "1 b 0", text: "step 1, b: effect performed twice" },
    ],
  },
  common_count: 3,
  common: "3 common steps, from fire Pay on",
  row_count: 5,
  first: 3,
  rows: [
    { relation: "right only", left: null, right: momentOf({ step: "4", title: "crash", mark: "crash", dead: true }) },
    {
      relation: "different",
      left: momentOf(),
      right: momentOf({
        step: "5",
        title: "perform ChargeCard 1 again",
        twice: "first",
        mark: "broken",
        changes: [{ sign: "~", text: "charged[1] 1 → 2" }],
        links: [{ text: "again, as at 3", step: 3, row: 2, side: "right" }],
      }),
    },
  ],
  ends: [
    {
      title: "card network",
      is_same: false,
      left: [{ sign: " ", path: "charged[1]", value: "1", bad: false }],
      right: [{ sign: "~", path: "charged[1]", value: "2", bad: true }],
      more: 3,
    },
  ],
  ...changed,
});
const mount = (traits: Partial<Traits> = {}): void => {
  model = new FakeModel({
    part: "crash_matrix",
    matrix: matrixOf(),
    comparison: comparisonOf(),
    other_bundle: "",
    ...traits,
  });
  unmount = recoveries.render({ model, el: place });
};

beforeEach(() => {
  place = makePlace();
});
afterEach(() => {
  unmount();
  place.remove();
});

describe("moving in a grid", () => {
  const from = { row: 5, column: 1 };
  test.each([
    ["ArrowLeft", false, { row: 5, column: 0 }],
    ["ArrowRight", false, { row: 5, column: 2 }],
    ["ArrowUp", false, { row: 4, column: 1 }],
    ["ArrowDown", false, { row: 6, column: 1 }],
    ["PageUp", false, { row: 0, column: 1 }],
    ["PageDown", false, { row: 11, column: 1 }],
    ["Home", false, { row: 5, column: 0 }],
    ["End", false, { row: 5, column: 2 }],
    ["Home", true, { row: 0, column: 0 }],
    ["End", true, { row: 11, column: 2 }],
  ])("%s, with control %s", (key, control, to) => {
    expect(moved(key, from, 12, 3, control)).toEqual(to);
  });

  test("another key is none of the grid's", () => {
    expect(moved("x", from, 12, 3)).toBeNull();
  });
});

describe("the crash matrix", () => {
  test("each cell says in words where it is, how it ends and on which side it stands", () => {
    mount();
    expect(all("td[data-id] .sr").map((each) => each.textContent)).toEqual([
      "step 1, before accept: same outcome",
      "step 1, result on wire: effect performed twice, 1 of 2, on the right",
      "step 2, before accept: no such point",
      "step 2, result on wire: not searched",
    ]);
  });

  test("each class has a letter and a shape", () => {
    mount();
    expect(cellAt("1 b").querySelectorAll("svg.mk rect").length).toBe(2);
    expect(cellAt("1 b").querySelector(".cell")!.textContent).toBe("R21/2");
    expect(cellAt("1 a").querySelectorAll("svg.mk circle").length).toBe(1);
    expect(cellAt("2 a").textContent).toContain("·");
  });

  test("one cell can be tabbed to, and arrows move on from it", () => {
    mount();
    expect(all('td[tabindex="0"]').map((each) => each.dataset["id"])).toEqual(["1 b"]);
    cellAt("1 b").focus();
    press(place, "ArrowDown", cellAt("1 b"));
    expect([focused(), all('td[tabindex="0"]').length]).toEqual(["2 b", 1]);
    expect(query(".hov").textContent).toContain("not searched");
  });

  test("Enter puts a cell on the right and Shift+Enter on the left, shown before Python has answered", () => {
    mount();
    press(place, "Enter", cellAt("1 a"));
    expect(model.posted.at(-1)).toMatchObject({ kind: "put", side: "right", cell: "1 a" });
    expect(cellAt("1 a").querySelector(".flag")!.textContent).toBe("R");
    expect(cellAt("1 b").querySelector(".flag")).toBeNull();
    press(place, "Enter", cellAt("1 b"), { shiftKey: true });
    expect(model.posted.at(-1)).toMatchObject({ kind: "put", side: "left", cell: "1 b" });
    expect(cellAt("1 b").querySelector(".flag")!.textContent).toBe("L");
  });

  test("what is not searched is not put anywhere", () => {
    mount();
    cellAt("2 b").click();
    cellAt("2 a").click();
    expect(model.kinds()).toEqual(["ready"]);
    expect(query("[aria-live]").textContent).toBe("Step 2, before accept: there is no such point.");
  });

  test("of what is not searched the verdict says so, and which two runs are still below, until another is put", () => {
    mount();
    cellAt("2 b").click();
    expect(query(".verd").textContent).toBe(
      "Step 2, b: not searchedBelow is still this. Left: the crash-free run. Right: crash at step 1.",
    );
    expect(all(".verd em").length).toBe(0);
    cellAt("1 b").click();
    expect(query(".verd p").textContent).toBe("Same final state. ChargeCard 1 was performed twice on the right. ");
  });

  test("where there is no point its place is named, and the button keeps its own", () => {
    mount();
    cellAt("2 a").dispatchEvent(new MouseEvent("mousemove", { bubbles: true }));
    expect(query(".hov .words > span").textContent).toBe("Step 2, before accept: no such point.");
    expect((query(".hov .btn") as HTMLButtonElement).disabled).toBe(true);
    cellAt("1 b").dispatchEvent(new MouseEvent("mousemove", { bubbles: true }));
    expect((query(".hov .btn") as HTMLButtonElement).disabled).toBe(false);
  });

  test("the sentence has room for the longest whichever cell is looked at", () => {
    mount();
    for (const id of ["1 a", "2 a", "2 b"]) {
      cellAt(id).dispatchEvent(new MouseEvent("mousemove", { bubbles: true }));
      expect(query(".hov .words").dataset["longest"]).toBe("Crash at step 1, b: it ends as S 000 steps");
    }
  });

  test("what is wrong with the crash-free run itself is said above the grid", async () => {
    mount({ matrix: matrixOf({ warning: "The crash-free run itself breaks <b>never</b> at step 7." }) });
    expect(query(".warning").textContent).toBe("The crash-free run itself breaks <b>never</b> at step 7.");
    model.set("matrix", matrixOf());
    await settled();
    expect(query(".warning").hidden).toBe(true);
  });

  test("two matrices on one page are told apart by their names", () => {
    mount();
    expect(query("[role=grid]").getAttribute("aria-label")).toBe("Crash matrix, payments");
    expect(query("[role=table]").getAttribute("aria-label")).toBe(
      "Two runs side by side. Left: the crash-free run. Right: crash at step 1.",
    );
  });

  test("above a column stands what it is called in Python", () => {
    mount();
    expect(all("thead th[title]").map((each) => each.title)).toEqual([
      'in Python: matrix[STEP, "a"]',
      'in Python: matrix[STEP, "b"]',
    ]);
  });

  test("columns out of sight are counted on the side where they are", () => {
    const boxes = [100, 150, 200, 250].map((left) => new DOMRect(left, 0, 50, 20));
    expect(outOfSight(boxes, 100, 300)).toEqual([0, 0]);
    expect(outOfSight(boxes, 100, 180)).toEqual([0, 3]);
    expect(outOfSight(boxes, 160, 299)).toEqual([2, 0]);
    expect(outOfSight(boxes, 101, 301)).toEqual([0, 0]);
  });

  test("cells stay while others are searched", async () => {
    mount({
      matrix: matrixOf({
        state: "filling",
        filled_count: 2,
        rows: [{ step: 1, label: "fire", is_input: true, cells: [found("S"), found("?")] }],
      }),
    });
    const [first, second] = [cellAt("1 a"), cellAt("1 b")];
    model.set(
      "matrix",
      matrixOf({ rows: [{ step: 1, label: "fire", is_input: true, cells: [found("S"), found("2")] }] }),
    );
    await settled();
    expect([cellAt("1 a"), cellAt("1 b")]).toEqual([first, second]);
    expect(second.querySelector(".cell.bad")!.textContent).toContain("2");
  });

  test("it is stopped and gone on with", async () => {
    mount({ matrix: matrixOf({ state: "filling", filled_count: 1 }) });
    expect(query("header .note").textContent).toBe("1 of 3 cells searched");
    query('[data-do="fill"]').click();
    model.set("matrix", matrixOf({ state: "stopped", filled_count: 2 }));
    await settled();
    expect(query('[data-do="fill"]').textContent).toBe("Go on");
    press(place, "x");
    expect(model.kinds()).toEqual(["ready", "stop", "fill"]);
  });

  test("the legend has the totals", () => {
    mount();
    expect(all(".legend > span").map((each) => `${each.className}|${each.textContent}`)).toEqual([
      "|S same outcome 1",
      "|2 effect performed twice 1 (1 break a property)",
      "zero|1/2: one of two crashes there",
      "zero|· no such point",
    ]);
  });

  test("of a long run a hundred steps are in the page at a time", () => {
    const rows = Array.from({ length: 250 }, (_, index) => ({
      step: index + 1,
      label: `step ${index + 1}`,
      is_input: false,
      cells: [found("S"), found("S")],
    }));
    mount({ matrix: matrixOf({ rows }), comparison: null });
    expect(all("tbody tr").length).toBe(100);
    query('[data-do="later"]').click();
    expect([query("tbody th").textContent, query(".pages .note").textContent]).toEqual([
      "101 step 101",
      "steps 101 to 200 of 250",
    ]);
    cellAt("200 a").focus();
    press(place, "ArrowDown", cellAt("200 a"));
    expect([focused(), all("tbody tr").length]).toEqual(["201 a", 50]);
  });

  test("a recovery is opened in a lab only where Python can answer", () => {
    mount();
    query('[data-do="openInLab"]').click();
    expect(model.posted.at(-1)).toMatchObject({ kind: "open", run: "1 b" });
    unmount();
    mount({ read_only: true });
    expect(query('[data-do="openInLab"]')).toBeNull();
  });

  test("what a person's machine is called is text", () => {
    mount({ matrix: matrixOf({ name: "<img src=x onerror=alert(1)>" }) });
    expect(query("h2").textContent).toBe("<img src=x onerror=alert(1)>");
    expect(all("img, b b").length).toBe(0);
  });
});

describe("two runs side by side", () => {
  test("what went wrong stands out in the verdict", () => {
    mount();
    expect(query(".verd p").textContent).toBe("Same final state. ChargeCard 1 was performed twice on the right. ");
    expect(all(".verd em").map((each) => each.textContent)).toEqual(["ChargeCard 1 was performed twice on the right."]);
  });

  test("each row says in words how its sides relate", () => {
    mount();
    expect(all(".pr .rel .sr").map((each) => each.textContent)).toEqual(["right only", "different", "different"]);
    expect(all(".void .sr").map((each) => each.textContent)).toEqual(["nothing on the left"]);
    expect([all(".only.dead").length, all(".twice.first").length, all(".rel.dif").length]).toEqual([1, 2, 2]);
  });

  test("a change has its sign in words", () => {
    mount();
    expect(query(".twice .st p").textContent).toBe("~changed \u00a0charged[1] 1 → 2");
  });

  test("a link leads to the row that it names, which is asked for where it is folded", async () => {
    mount();
    query(".links button").click();
    expect(model.posted.at(-1)).toMatchObject({ kind: "compared_rows", first: 0 });
    const rows = [...Array(3)].map(() => ({ relation: "same" as const, left: momentOf(), right: momentOf() }));
    model.set("comparison", comparisonOf({ first: 0, rows: [...rows, ...comparisonOf().rows] }));
    await settled();
    await settled();
    expect((rootOf(place).activeElement as HTMLElement).dataset["at"]).toBe("right 2");
  });

  test("the common beginning folds, sides swap, another run is chosen", () => {
    mount();
    query('[data-do="unfold"]').click();
    query('[data-do="swap"]').click();
    const select = query("select") as HTMLSelectElement;
    select.value = "";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    expect(model.posted.slice(1)).toMatchObject([
      { kind: "compared_rows", first: 0 },
      { kind: "swap" },
      { kind: "choose", side: "right", run: "" },
    ]);
  });

  test("a long comparison is turned by pages", () => {
    mount({ comparison: comparisonOf({ row_count: 900, common_count: 0, first: 200 }) });
    expect(query(".paths").textContent).toContain("rows 201 to 202 of 900");
    query('[data-do="rowsAfter"]').click();
    query('[data-do="rowsBefore"]').click();
    expect(model.posted.slice(1)).toMatchObject([
      { kind: "compared_rows", first: 400 },
      { kind: "compared_rows", first: 0 },
    ]);
  });

  test("as a widget of its own it has no matrix", () => {
    mount({ part: "comparison", matrix: null });
    expect([all("table").length, all(".paths").length]).toEqual([0, 1]);
  });
});

describe("a page without a kernel", () => {
  const other = comparisonOf({
    verdict: [{ text: "Both runs are equal.", bad: false }],
    first: 0,
    row_count: 3,
    rows: [...Array(3)].map(() => comparisonOf().rows[1]!),
  });
  const runOf = (cell: string): Run => ({ title: cell, step_count: 1, cell, chosen: "", options: [] });
  const both = comparisonOf({ note: "", left: runOf("1 b"), right: runOf("1 a") });
  const mirrored = comparisonOf({ note: "", left: runOf("1 a"), right: runOf("1 b") });
  const mountSaved = (): void => {
    unmount = mountStatic(place, {
      traits: { part: "crash_matrix", matrix: matrixOf(), comparison: comparisonOf() },
      comparisons: { "|1 a": other, "1 b|1 a": both, "1 a|1 b": mirrored },
    });
  };

  test("a click on a cell shows what was saved of it", async () => {
    mountSaved();
    cellAt("1 a").click();
    await settled();
    expect(query(".verd p").textContent).toBe("Both runs are equal. ");
    expect(all(".pr [data-at]").length).toBe(0);
    query('[data-do="unfold"]').click();
    await settled();
    expect(all(".pr [data-at]").length).toBe(6);
  });

  test("any two cells that were saved side by side are shown, and swapped", async () => {
    mountSaved();
    press(place, "Enter", cellAt("1 a"), { shiftKey: true });
    await settled();
    expect(query(".verd > span").textContent).toBe("Left: 1 a. Right: 1 b.");
    query('[data-do="swap"]').click();
    await settled();
    expect(query(".verd > span").textContent).toBe("Left: 1 b. Right: 1 a.");
  });

  test("two that were not saved side by side are said to be so, and nothing changes", async () => {
    mountSaved();
    press(place, "Enter", cellAt("1 b"), { shiftKey: true });
    await settled();
    expect(query(".strip.problem .t").textContent).toBe("These two were not saved side by side.");
    expect(query(".verd > span").textContent).toBe("Left: the crash-free run. Right: crash at step 1.");
  });

  test("rows that were not saved are said to be so", async () => {
    mountSaved();
    query('[data-do="unfold"]').click();
    await settled();
    expect(query(".strip.problem .t").textContent).toBe("These rows were not saved.");
  });
});

describe("clean up", () => {
  test("nothing is listened to any more", () => {
    mount();
    unmount();
    expect([model.listenerCount, place.childElementCount]).toEqual([0, 0]);
  });
});
