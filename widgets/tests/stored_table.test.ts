import { afterEach, describe, expect, test } from "vitest";
import { drawOverTable, storeTable } from "../stored_table";
import { FakeModel } from "./fake_model";

type Slot = (sender: unknown, state: string) => void;
type Output = { data?: Record<string, unknown> };

const WIDGET = "application/vnd.jupyter.widget-view+json";
const OURS = {
  data: {
    [WIDGET]: { model_id: "1" },
    "text/html": '<div class="phasm-lab-1"><table></table></div>',
    "text/plain": "run",
  },
};
const OTHER = { data: { [WIDGET]: { model_id: "2" }, "text/plain": "slider" } };

class StoredCell {
  getOutputs(): Output[] {
    return [OURS, OTHER, {}];
  }
}

function notebook() {
  const cell = new StoredCell();
  const slots = new Set<Slot>();
  const saveState = {
    connect: (slot: Slot) => void slots.add(slot),
    disconnect: (slot: Slot) => void slots.delete(slot),
  };
  const model = new FakeModel({ place: "phasm-lab-1" });
  Object.assign(model, { widget_manager: { context: { saveState, model: { cells: [{ sharedModel: cell }] } } } });
  const emit = (state: string): void => [...slots].forEach((slot) => slot(null, state));
  return { cell, slots, model, emit };
}

const kinds = (cell: StoredCell): string[][] => cell.getOutputs().map((output) => Object.keys(output.data ?? {}));

describe("storing a notebook", () => {
  test("while it is written, our output is the table alone, and others are as they are", () => {
    const { cell, model, emit } = notebook();
    storeTable(model);
    emit("started");
    expect(kinds(cell)).toEqual([["text/html", "text/plain"], [WIDGET, "text/plain"], []]);
  });

  test.each(["completed", "failed"])(
    "after it has %s, the output is the widget again, also where two widgets listen",
    (state) => {
      const { cell, model, emit } = notebook();
      storeTable(model);
      storeTable(model);
      emit("started");
      emit(state);
      expect(kinds(cell)[0]).toEqual([WIDGET, "text/html", "text/plain"]);
      expect(Object.hasOwn(cell, "getOutputs")).toBe(false);
    },
  );

  test("the clean-up stops listening", () => {
    const { slots, model } = notebook();
    storeTable(model)();
    expect(slots.size).toBe(0);
  });

  test("a host without notebooks is left alone", () => {
    expect(() => storeTable(new FakeModel({ place: "phasm-lab-1" }))()).not.toThrow();
  });
});

describe("opening a notebook whose kernel still runs", () => {
  afterEach(() => document.body.replaceChildren());

  const table = (): HTMLElement => {
    const place = document.createElement("div");
    place.className = "phasm-lab-1";
    place.append(document.createElement("table"));
    return place;
  };
  const draw = (el: HTMLElement): (() => void) => {
    el.append(document.createElement("section"));
    return () => undefined;
  };
  const names = (place: HTMLElement): string[] => [...place.children].map((child) => child.localName);

  test("the widget is drawn over its table, and the table comes back at the end", () => {
    const place = table();
    document.body.append(place);
    const undo = drawOverTable(new FakeModel({ place: "phasm-lab-1" }), draw);
    expect(names(place)).toEqual(["section"]);
    undo();
    expect(names(place)).toEqual(["table"]);
  });

  test("a table that the host shows later is drawn over too", async () => {
    const undo = drawOverTable(new FakeModel({ place: "phasm-lab-1" }), draw);
    const place = table();
    document.body.append(place);
    await expect.poll(() => names(place)).toEqual(["section"]);
    undo();
  });

  test("the table of another widget is left alone", () => {
    const place = table();
    document.body.append(place);
    drawOverTable(new FakeModel({ place: "phasm-lab-2" }), draw)();
    expect(names(place)).toEqual(["table"]);
  });
});
