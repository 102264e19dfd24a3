import { describe, expect, test } from "vitest";
import { type Item, fold, isFold, itemOf } from "../fold";

const quiet = (count: number): string => `S${"FDPV".repeat(Math.ceil(count / 4)).slice(0, count - 1)}`;
const folds = (items: Item[]): [number, number][] =>
  items.flatMap((item) => (isFold(item) ? [[item.first, item.last] as [number, number]] : []));
const shown = (items: Item[]): number => items.filter((item) => !isFold(item)).length;

describe("folding", () => {
  test("sixty rows are all shown", () => {
    expect(folds(fold(quiet(60), 59, []))).toEqual([]);
  });

  test("beyond sixty rows the quiet ones between the start and the newest fold to one bead", () => {
    expect(folds(fold(quiet(100), 99, []))).toEqual([[1, 87]]);
  });

  test("a crash, its recovery and the row before it stay", () => {
    const outline = `${quiet(50)}XR${"FDPV".repeat(20)}`;
    expect(folds(fold(outline, outline.length - 1, []))).toEqual([
      [1, 48],
      [52, 119],
    ]);
  });

  test("what was rejected or broke is never folded", () => {
    const outline = `${quiet(50)}p${"FDPV".repeat(20)}`;
    expect(folds(fold(outline, outline.length - 1, []))).toEqual([
      [1, 49],
      [51, 118],
    ]);
  });

  test("the selected step parts a bead", () => {
    expect(folds(fold(quiet(100), 40, []))).toEqual([
      [1, 38],
      [42, 87],
    ]);
  });

  test("an opened bead shows its rows", () => {
    expect(shown(fold(quiet(100), 99, [[1, 87]]))).toBe(100);
  });

  test("one quiet row alone is no bead", () => {
    const outline = `SFDXRDXR${"FDPV".repeat(20)}`;
    expect(folds(fold(outline, 0, []))[0]).toEqual([8, 75]);
  });

  test("every row is found in the item that shows it", () => {
    const items = fold(quiet(100), 40, []);
    const found = [0, 1, 38, 39, 40, 41, 42, 87, 88, 99].map((index) => items[itemOf(items, index)]);
    expect(found.map((item) => (isFold(item!) ? [item!.first, item!.last] : item!.first))).toEqual([
      0,
      [1, 38],
      [1, 38],
      39,
      40,
      41,
      [42, 87],
      [42, 87],
      88,
      99,
    ]);
  });
});
