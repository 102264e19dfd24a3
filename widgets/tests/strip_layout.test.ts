import { describe, expect, test } from "vitest";
import type { Tree } from "../protocol";
import { layOutStrip, stepWidth } from "../strip_layout";
import { saved } from "./fake_model";

describe("the branch strip", () => {
  test("the branch that leaves last lies nearest", () => {
    const { branches } = layOutStrip(saved.traits.tree as Tree, 3);
    expect(branches.map(({ row, depth, steps }) => [row, depth, steps[0]])).toEqual([
      [0, 0, 0],
      [1, 4, 10],
      [2, 2, 12],
    ]);
  });

  test("branches that do not meet share a line", () => {
    const segments = [
      { parent: -1, depth: 0, steps: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], kinds: "SDDDDDDDDD" },
      { parent: 7, depth: 8, steps: [10], kinds: "D" },
      { parent: 1, depth: 2, steps: [11], kinds: "D" },
    ];
    const { branches } = layOutStrip({ step_count: 12, segments, names: [], selected: 0, newest: 9 }, 1);
    expect(branches.map(({ row }) => row)).toEqual([0, 1, 1]);
  });

  test("a stretch goes on in the line of its parent", () => {
    const segments = [
      { parent: -1, depth: 0, steps: [0, 1], kinds: "SF" },
      { parent: 1, depth: 2, steps: [2, 3], kinds: "DP" },
      { parent: 1, depth: 2, steps: [4], kinds: "X" },
    ];
    const { branches } = layOutStrip({ step_count: 5, segments, names: [], selected: 0, newest: 3 }, 1);
    expect(branches.map(({ row, first }) => [row, first])).toEqual([
      [0, false],
      [0, true],
      [1, false],
    ]);
  });

  test("a step is 36 px wide where there is room, 4 at the least, and less only above a thousand", () => {
    expect([stepWidth(10, 560), stepWidth(40, 560), stepWidth(900, 560), stepWidth(5600, 560)]).toEqual([
      36, 14, 4, 0.1,
    ]);
  });
});
