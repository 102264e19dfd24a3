import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { layOutBands } from "../graph_layout";
import { layOutOverview, ringY, unitWords } from "../overview";
import type { Traits } from "../protocol";
import type { Band, SearchGraph, SearchNode } from "../search_graph_protocol";
import { render } from "./bundles";
import { FakeModel, makePlace, press, rootOf } from "./fake_model";

const node = (key: number, column: number, order: number, more: Partial<SearchNode> = {}): SearchNode => ({
  key,
  label: `node ${key}`,
  short: `${key}`,
  column,
  order,
  kind: "up",
  broken: false,
  step: key,
  band: "up",
  count: 1,
  ...more,
});

const band = (name: string, kind: Band["kind"], counts: number[] = []): Band => ({
  name,
  kind,
  row_count: 1,
  count: counts.reduce((sum, each) => sum + each, 0),
  counts,
});

const finding = (id: string, step_count: number) => ({ id, title: "broken-property", message: "<b>bad</b>", step_count, step: -1, numbers: "" });

const GRAPH: SearchGraph = {
  header: {
    name: "payments",
    summary: "2 inputs · 1 crash",
    verdict: { kind: "broken", text: "broken: 2 findings", more: "4 configurations", label: "Broken." },
  },
  by: "none",
  groupings: [
    { by: "none", words: "each configuration" },
    { by: "paid", words: "by paid" },
  ],
  showing: "all 4 configurations",
  overview: false,
  depths: [0, 2, 5],
  bands: [band("no crash", "up"), band("process down", "down"), band("recovered", "recovered")],
  nodes: [
    node(0, 0, 0),
    node(1, 1, 0, { kind: "quiescent" }),
    node(2, 1, 1, { kind: "down", band: "down" }),
    node(3, 2, 2, { broken: true, band: "recovered" }),
  ],
  edges: [
    { source: 0, target: 1, mark: "input", label: "fire", selected: false },
    { source: 0, target: 2, mark: "crash", label: "crash", selected: true },
    { source: 2, target: 3, mark: "recover", label: "recover", selected: true },
  ],
  path: [0, 2, 3],
  step_count: 2,
  picked: null,
  finding: 0,
  findings: [finding("0", 2), finding("1", 3)],
  goals: [{ name: "a_payment_is_paid", reached: true }],
  goals_note: "1 of 1 reached",
  not_searched: ["More than 1 crash."],
};

const OVERVIEW: SearchGraph = {
  ...GRAPH,
  by: "process",
  overview: true,
  showing: "showing 4 of 12,431 with marks",
  bands: [band("no crash", "up", [1, 40, 1459]), band("process down", "down", [0, 5, 2395]), band("broken", "broken", [0, 0, 8531])],
};

let place: HTMLElement;
let model: FakeModel;
let unmount: () => void;

const mount = (search_graph: SearchGraph, more: Partial<Traits> = {}): void => {
  model = new FakeModel({ part: "search_graph", search_graph, ...more });
  unmount = render({ model, el: place });
};
const find = (selector: string): HTMLElement => rootOf(place).querySelector<HTMLElement>(selector)!;
const texts = (selector: string): string[] => [...rootOf(place).querySelectorAll(selector)].map((each) => each.textContent!);

beforeEach(() => {
  place = makePlace();
});
afterEach(() => {
  unmount();
  place.remove();
});

describe("the graph of a report", () => {
  test("says how much of it is shown, and under what it is grouped", () => {
    mount(GRAPH);
    expect(texts(".cap .end .note")).toEqual(["all 4 configurations"]);
    expect(texts("select option")).toEqual(["each configuration", "by paid"]);
  });

  test("numbers the run, and heads each column with its fewest steps", () => {
    mount(GRAPH);
    expect(texts("text.q")).toEqual(["0", "2", "5"]);
    expect(texts(".gnodes text.c.h")).toEqual(["0", "1", "node 3"]);
  });

  test("names the bands below the first", () => {
    mount(GRAPH);
    expect(texts("svg > text.h")).toEqual(["process down", "recovered"]);
  });

  test("shows a message as text", () => {
    mount(GRAPH);
    expect(texts(".found p")).toEqual(["<b>bad</b>", "<b>bad</b>"]);
  });

  test("a click on a node asks what is known of it", () => {
    mount(GRAPH);
    find('[data-do="node"][data-step="2"]').dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true }));
    expect(model.posted).toMatchObject([{ kind: "goto", step: 2 }]);
  });

  test("what is known of it stands below the picture", () => {
    mount({ ...GRAPH, picked: { node: 2, title: "crash", lines: ["2 steps from the start", "state Payments()"] } });
    expect(find(".picked").textContent).toBe("crash 2 steps from the startWhat is near itstate Payments()");
    find('[data-do="around"]').click();
    expect(model.posted).toMatchObject([{ kind: "group", by: "neighbourhood" }]);
  });

  test("another grouping is asked for", () => {
    mount(GRAPH);
    const select = find("select") as HTMLSelectElement;
    select.value = "paid";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    expect(model.posted).toMatchObject([{ kind: "group", by: "paid" }]);
  });

  test("the run of another finding is drawn by its button, and by its number", () => {
    mount(GRAPH);
    expect(texts('[data-do="showRun"]')).toEqual(["Drawn", "Draw"]);
    find('[data-do="showRun"][data-run="1"]').click();
    press(place, "2");
    press(place, "3");
    expect(model.posted).toMatchObject([
      { kind: "open", run: "1" },
      { kind: "open", run: "1" },
    ]);
  });

  test("the arrows go along the run", () => {
    mount(GRAPH);
    press(place, "ArrowRight");
    model.set("search_graph", { ...GRAPH, picked: { node: 2, title: "crash", lines: ["down"] } });
    press(place, "ArrowRight");
    press(place, "ArrowLeft");
    expect(model.posted).toMatchObject([{ step: 0 }, { step: 3 }, { step: 0 }]);
  });

  test("a table holds the same configurations, and Esc goes back to the picture", () => {
    mount(GRAPH);
    find('[data-do="graphTable"]').click();
    expect(texts("tbody tr td:first-child")).toEqual(["0", "2", "2", "5"]);
    press(place, "Escape");
    expect(texts("tbody tr")).toEqual([]);
  });

  test("what could not be done is said", () => {
    mount(GRAPH);
    model.set("answer", { serial: 1, problem: { title: "group by 'x'", lines: ["choose another"], fields: {} } });
    expect(texts(".strip.problem p")).toEqual(["group by 'x'", "choose another"]);
  });

  test("for looking only there is nothing to choose", () => {
    mount(GRAPH, { read_only: true });
    expect(texts("select, [data-do='showRun']")).toEqual([]);
  });

  test("without a kernel it says so", () => {
    mount(GRAPH);
    model.send = () => {
      throw new Error("closed");
    };
    find('[data-do="showRun"][data-run="1"]').click();
    expect(texts(".strip span")).toEqual(["No kernel. Looking works, other groupings do not."]);
  });
});

test("the clean-up leaves nothing behind", () => {
  mount(GRAPH);
  unmount();
  expect([model.listenerCount, place.childElementCount]).toEqual([0, 0]);
  unmount = () => undefined;
});

describe("the overview of a report", () => {
  test("is one canvas that says what it holds", () => {
    mount(OVERVIEW);
    expect(find("canvas").getAttribute("aria-label")).toBe(
      "12,431 configurations in 3 bands by fewest steps. 8,531 are broken, the run drawn has 2 steps. A table holds the same counts.",
    );
    expect(texts(".cap .end .note")).toEqual(["showing 4 of 12,431 with marks"]);
  });

  test("as a table it has the same counts", () => {
    mount(OVERVIEW);
    find('[data-do="graphTable"]').click();
    expect(texts("thead th")).toEqual(["fewest steps", "no crash, 1,500", "process down, 2,400", "broken, 8,531"]);
    expect(texts("tbody tr:last-child td")).toEqual(["5", "1,459", "2,395", "8,531"]);
  });

  test("one dot is one configuration where there is room, and four where it is narrow", () => {
    unmount = () => undefined;
    const few = { ...OVERVIEW, bands: [band("no crash", "up", [1, 4, 9])] };
    expect([920, 420].map((room) => layOutOverview(OVERVIEW, room).each)).toEqual([1, 4]);
    expect([920, 420].map((room) => layOutOverview(few, room).each)).toEqual([1, 4]);
    expect([1, 4].map(unitWords)).toEqual(["one dot, one configuration", "one dot, 4 configurations"]);
  });

  test("what is near the run is ringed above the dots of its column", () => {
    unmount = () => undefined;
    const graph = { ...OVERVIEW, bands: [band("recovered", "recovered", [1, 500, 2])] };
    const layout = layOutOverview(graph, 920);
    const above = [0, 1, 2].map((column) => layout.bases[0]! - ringY(layout, graph.bands[0]!, 0, column));
    expect(above[0]).toBe(above[2]);
    expect(above[1]).toBe(Math.ceil(500 / layout.each / layout.per) * layout.pitch + 3.5);
  });

  test("however many there are, it is no taller than a screen", () => {
    unmount = () => undefined;
    const many = { ...OVERVIEW, bands: [band("recovered", "recovered", [1, 2_000_000, 9_000_000])] };
    const { each, height } = layOutOverview(many, 920);
    expect([each, height < 420]).toEqual([1000, true]);
  });
});

test("each band begins below the last row of the one above", () => {
  unmount = () => undefined;
  const graph = { nodes: GRAPH.nodes, edges: [], shown: 4, total: 4, by: "none", groupings: [] };
  const layout = layOutBands(graph, GRAPH, 636);
  const rows = GRAPH.nodes.map((each) => layout.spot(each).y);
  expect(rows).toEqual([60, 60, 160, 260]);
  expect(layout.lines).toEqual([14, 114, 214]);
});
