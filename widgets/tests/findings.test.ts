import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Search, Traits } from "../protocol";
import { render } from "./bundles";
import { FakeModel, makePlace, press, rootOf, settled } from "./fake_model";

let place: HTMLElement;
let model: FakeModel;
let unmount: () => void;

const query = (selector: string): HTMLElement => rootOf(place).querySelector<HTMLElement>(selector)!;
const all = (selector: string): HTMLElement[] => [...rootOf(place).querySelectorAll<HTMLElement>(selector)];
const mount = (traits: Partial<Traits> = {}): void => {
  model = new FakeModel(traits);
  unmount = render({ model, el: place });
};
const found = {
  id: "broken-property: no_card_is_charged_twice",
  title: "broken-property",
  message: "no_card_is_charged_twice is broken",
  step_count: 5,
  step: -1,
  numbers: "",
};
const searching = (changed: Partial<Search> = {}): Search => ({
  state: "searching",
  verdict: {
    kind: "run",
    text: "nothing broken so far",
    more: "12,431 configurations",
    label: "Nothing broken so far. 12,431 configurations. Open the findings.",
  },
  progress: { count: 12431, limit: 50000, depth: 18, waiting: 3870, rate: 14000, left_s: 3 },
  findings: [],
  goals: [],
  goals_note: "",
  runs_note: "",
  not_searched: [],
  runs: null,
  problem: null,
  ...changed,
});
const ended = (changed: Partial<Search> = {}): Search =>
  searching({
    state: "ended",
    verdict: {
      kind: "broken",
      text: "broken: 1 finding",
      more: "4,565 configurations · complete for 1 crash",
      label: "Broken: 1 finding. 4,565 configurations, complete for 1 crash. Open the findings.",
    },
    findings: [found],
    goals: [
      { name: "a_payment_is_paid", reached: true },
      { name: "restore_is_interrupted", reached: false },
    ],
    goals_note: "1 of 2 reached",
    not_searched: ["More than 1 crash."],
    ...changed,
  });

beforeEach(() => {
  place = makePlace();
});
afterEach(() => {
  vi.restoreAllMocks();
  unmount();
  place.remove();
});

describe("the verdict", () => {
  test("is one button with the whole sentence, which opens the findings", () => {
    mount({ search: ended() });
    const chip = query("header .verdict");
    expect(chip.textContent).toBe("broken: 1 finding · 4,565 configurations · complete for 1 crash");
    expect(chip.getAttribute("aria-label")).toBe(ended().verdict.label);
    chip.click();
    expect(query('[role="tab"][aria-selected="true"]').textContent).toBe("findings");
  });

  test("is that of the selected run where nothing was searched", () => {
    mount();
    expect(query("header .verdict").textContent).toBe(
      "broken: 2 findings · 4,565 configurations · complete for 1 crash",
    );
    expect(query("header .verdict").hidden).toBe(false);
  });

  test("is told when something is found and at the end, not at every turn", async () => {
    mount({ search: searching() });
    const told: string[] = [];
    for (const next of [searching({ progress: { ...searching().progress, count: 13000 } }), ended()]) {
      query("[aria-live]").replaceChildren("before");
      model.set("search", next);
      await settled();
      told.push(query("[aria-live]").textContent!);
    }
    expect(told).toEqual(["before", ended().verdict.label]);
  });
});

describe("the search", () => {
  test("begins on x, and the findings are shown at once", () => {
    mount();
    press(place, "x");
    expect(model.posted.at(-1)).toEqual({ kind: "check", serial: 2 });
    expect(query('[role="tab"][aria-selected="true"]').textContent).toBe("findings");
  });

  test("is stopped by x", async () => {
    mount({ search: searching() });
    press(place, "x");
    expect(model.posted.at(-1)).toEqual({ kind: "stop", serial: 2 });
  });

  test("is asked to stop once, and the button keeps the focus meanwhile", async () => {
    mount({ search: searching() });
    const button = query("header [data-do=check]");
    button.focus();
    model.set("search", searching({ state: "ending" }));
    await settled();
    button.click();
    expect(model.kinds()).toEqual(["ready"]);
    expect([rootOf(place).activeElement === button, button.getAttribute("aria-disabled")]).toEqual([true, "true"]);
  });

  test("is not stopped by the second half of a double click", async () => {
    const now = vi.spyOn(performance, "now").mockReturnValue(1000);
    mount();
    query('[data-do="check"]').click();
    model.set("search", searching());
    await settled();
    now.mockReturnValue(1200);
    query("header [data-do=check]").click();
    expect(model.kinds()).toEqual(["ready", "check"]);
    now.mockReturnValue(1500);
    query("header [data-do=check]").click();
    expect(model.kinds()).toEqual(["ready", "check", "stop"]);
  });

  test("says how much of the limit is used, in words and as a bar", () => {
    mount({ search: searching() });
    const bar = query('[role="progressbar"]');
    expect([bar.getAttribute("aria-valuenow"), bar.getAttribute("aria-valuetext")]).toEqual([
      "12431",
      "12,431 of at most 50,000",
    ]);
    query("header .verdict").click();
    expect(all(".progress dd").map((each) => each.textContent)).toEqual([
      "12,431",
      "50,000",
      "18",
      "3,870",
      "14,000",
      "at most 3 s",
    ]);
  });

  test("changes what it says in place, so that no click loses its button", async () => {
    mount({ search: searching({ findings: [found] }) });
    query("header .verdict").click();
    const before = [query("header .verdict"), query("header [data-do=check]"), query("[data-do=openRun]")];
    model.set("search", searching({ findings: [found], progress: { ...searching().progress, count: 13000 } }));
    await settled();
    expect(query(".progress dd").textContent).toBe("13,000");
    const after = [query("header .verdict"), query("header [data-do=check]"), query("[data-do=openRun]")];
    expect(after.map((each, order) => each === before[order])).toEqual([true, true, true]);
  });

  test("cannot be asked for on a saved page", () => {
    mount({ read_only: true, search: ended() });
    press(place, "x");
    expect(query("header [data-do=check]").hidden).toBe(true);
    expect(model.kinds()).toEqual(["ready"]);
  });

  test("is offered where nothing has happened yet", () => {
    mount({ timeline: { ...new FakeModel().get("timeline") as Traits["timeline"], row_count: 1 } });
    expect(all(".empty button").map((each) => each.textContent)).toEqual(["1fire Pay(bob, 120)", "xcheck"]);
  });

  test("leads from where nothing has happened yet to the shortest run that goes wrong", async () => {
    mount({ timeline: { ...new FakeModel().get("timeline") as Traits["timeline"], row_count: 1 } });
    model.set("search", searching());
    await settled();
    expect(query(".empty").textContent).toContain("The lab looks at every run. Fire the first input meanwhile.");
    model.set("search", searching({ findings: [found] }));
    await settled();
    expect(query(".empty").textContent).toContain("The shortest run that goes wrong has 5 steps.");
    const open = query(".empty [data-do=openRun]");
    model.set("search", ended());
    await settled();
    expect(query(".empty [data-do=openRun]")).toBe(open);
    open.click();
    expect(model.posted.at(-1)).toMatchObject({ kind: "open", run: found.id });
  });
});

describe("the findings", () => {
  test("are cards in a list, each with a button that opens its run", () => {
    mount({ search: ended() });
    query("header .verdict").click();
    const open = query(".cards li [data-do=openRun]");
    expect(open.getAttribute("aria-label")).toBe("open broken-property, 5 steps");
    open.click();
    expect(model.posted.at(-1)).toEqual({ kind: "open", run: found.id, serial: 2 });
  });

  test("stand beside the goals and what was not searched", () => {
    mount({ search: ended() });
    query("header .verdict").click();
    expect(all(".rest > .sec").map((each) => each.textContent)).toEqual([
      "Findings shortest firstbroken-propertyno_card_is_charged_twice is broken5 stepsOpen",
      "Goals 1 of 2 reachedreached: a_payment_is_paidnever reached: restore_is_interrupted",
      "Different runs Show eight different runs",
      "Not searched More than 1 crash.",
    ]);
  });

  test("on a saved page lead to the step where the history holds their run", () => {
    mount({ read_only: true, search: ended({ findings: [{ ...found, step: 4 }, { ...found, id: "stuck" }] }) });
    query("header .verdict").click();
    const [held, other] = all("[data-do=openRun]") as HTMLButtonElement[];
    expect([held!.disabled, other!.disabled]).toEqual([false, true]);
    held!.click();
    expect(model.posted.at(-1)).toEqual({ kind: "goto", step: 4, serial: 2 });
  });

  test("are text, whatever is in them", () => {
    const hostile = "<img src=x onerror=alert(1)>\u202e";
    mount({ search: ended({ findings: [{ ...found, title: hostile, message: hostile }] }) });
    query("header .verdict").click();
    expect(query(".slug").textContent).toBe("<img src=x onerror=alert(1)>\ufffd");
    expect(all("img")).toEqual([]);
  });

  test("make room for what went wrong with the search itself", () => {
    const problem = { title: "property odd: it never returns", lines: ["let it return"], fields: {} };
    mount({ search: ended({ findings: [], problem }) });
    query("header .verdict").click();
    expect(query(".why").textContent).toBe("property odd: it never returnslet it return");
  });

  test("are followed by different runs once they were asked for", async () => {
    mount({ search: ended() });
    query("header .verdict").click();
    query("[data-do=listRuns]").click();
    expect(model.posted.at(-1)).toEqual({ kind: "list_runs", serial: 2 });
    const runs = [{ id: "run 0", title: "no crash", message: "", step_count: 4, step: 5, numbers: "1 to 3, 5" }];
    model.set("search", ended({ runs, runs_note: "1, there are no more" }));
    await settled();
    expect(all("h3").at(-2)!.textContent).toBe("Different runs 1, there are no more");
    expect(all(".run").map((each) => each.textContent)).toEqual(["no crash4 steps · numbered 1 to 3, 5Open"]);
  });
});
