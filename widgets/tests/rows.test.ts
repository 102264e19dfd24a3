import { describe, expect, test } from "vitest";
import type { Row, Timeline, Tree } from "../protocol";
import { RowStore, stepsOfBranch } from "../rows";
import { saved, timelineAt } from "./fake_model";

const tree = saved.traits.tree as Tree;

const long = (count: number, first: number, shown: number): Timeline => ({
  ...timelineAt(0),
  branch: count - 1,
  row_count: count,
  first,
  threads: [],
  rows: Array.from({ length: shown }, (_, offset): Row => ({ ...timelineAt(0).rows[2]!, step: first + offset })),
});

const straight = (count: number): Tree => ({
  step_count: count,
  names: [],
  selected: 0,
  newest: count - 1,
  segments: [
    { parent: -1, depth: 0, steps: Array.from({ length: count }, (_, step) => step), kinds: "D".repeat(count) },
  ],
});

describe("rows that have arrived", () => {
  test("the steps of a branch are read from the tree", () => {
    expect(stepsOfBranch(tree, 11)).toEqual([0, 1, 2, 3, 10, 11]);
    expect(stepsOfBranch(tree, 16)).toEqual([0, 1, 12, 13, 14, 15, 16]);
    expect(stepsOfBranch(tree, 99)).toBe(null);
  });

  test("a row is known by its index and by its step", () => {
    const store = new RowStore();
    store.absorb(timelineAt(1), tree);
    expect([store.rowAt(4)?.step, store.stepOf(5), store.indexOf(10), store.indexOf(7)]).toEqual([10, 11, 4, -1]);
  });

  test("a row outside the window is missing until its window comes", () => {
    const store = new RowStore();
    store.absorb(long(5000, 4800, 200), straight(5000));
    expect(store.missing([4900, 4999])).toBe(-1);
    expect(store.missing([4900, 0, 1])).toBe(0);
    store.absorb(long(5000, 0, 200), straight(5000));
    expect(store.missing([0, 1, 4900])).toBe(-1);
  });

  test("a branch of which all that grew was sent keeps what was sent before", () => {
    const store = new RowStore();
    store.absorb(long(300, 0, 200), straight(300));
    store.absorb(long(301, 101, 200), straight(301));
    expect(store.missing([5, 150, 300])).toBe(-1);
  });

  test("a branch that grew elsewhere keeps its rows and asks for its threads again", () => {
    const store = new RowStore();
    store.absorb(long(300, 0, 200), straight(300));
    store.absorb(long(400, 150, 200), straight(400));
    expect(store.rowAt(5)?.step).toBe(5);
    expect(store.missing([5])).toBe(5);
  });

  test("another branch is asked for anew", () => {
    const store = new RowStore();
    store.absorb(timelineAt(0), tree);
    store.absorb({ ...timelineAt(1), first: 5, rows: timelineAt(1).rows.slice(5) }, tree);
    expect(store.missing([1])).toBe(1);
  });

  test("without a tree the windows alone say which step stands where", () => {
    const store = new RowStore();
    store.absorb(long(5000, 4800, 200), { step_count: 0, segments: [], names: [], selected: 0, newest: 0 });
    expect([store.stepOf(4801), store.stepOf(7), store.indexOf(4801)]).toEqual([4801, undefined, 4801]);
  });
});
