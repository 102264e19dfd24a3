import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pathOf } from "../graph_layout";
import { render } from "./bundles";
import type { Graph } from "../protocol";
import { FakeModel, makePlace, rootOf, saved } from "./fake_model";

const graph = saved.traits.graph as Graph;
let place: HTMLElement;
let model: FakeModel;
let unmount: () => void;

const mount = (changed: Partial<Graph>): void => {
  model = new FakeModel({ part: "state_graph", graph: { ...graph, ...changed } });
  unmount = render({ model, el: place });
};

beforeEach(() => {
  place = makePlace();
});
afterEach(() => {
  unmount();
  place.remove();
});

describe("the state graph", () => {
  test("says how many of how many are shown", () => {
    mount({ shown: 60, total: 12431 });
    expect(rootOf(place).querySelector(".end .note")!.textContent).toBe("showing 60 of 12,431");
  });

  test("a click on a node selects its step", () => {
    mount({});
    rootOf(place)
      .querySelector('[data-do="node"][data-step="4"]')!
      .dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true }));
    expect(model.posted.at(-1)).toMatchObject({ kind: "goto", step: 4 });
  });

  test("another grouping is asked for", () => {
    mount({});
    const select = rootOf(place).querySelector("select")!;
    select.value = "by process";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    expect(model.posted.at(-1)).toMatchObject({ kind: "group", by: "by process" });
  });

  test("a table holds the same configurations", () => {
    mount({});
    rootOf(place).querySelector<HTMLElement>('[data-do="graphTable"]')!.click();
    expect(rootOf(place).querySelectorAll("tbody tr").length).toBe(16);
  });

  test("above a thousand nodes it is one canvas", () => {
    const nodes = Array.from({ length: 1001 }, (_, key) => ({
      key,
      label: `${key}`,
      column: key % 20,
      order: key % 50,
      kind: "up" as const,
      broken: false,
      step: key,
    }));
    mount({ nodes, edges: [] });
    expect([
      rootOf(place).querySelectorAll("canvas").length,
      rootOf(place).querySelectorAll('[data-do="node"]').length,
    ]).toEqual([1, 0]);
  });

  test("the selected path is numbered along its edges", () => {
    unmount = () => undefined;
    expect(pathOf(graph)).toEqual([0, 1, 2, 3, 7, 10, 11, 12]);
  });
});
