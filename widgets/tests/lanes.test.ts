import { describe, expect, test } from "vitest";
import { isUpBefore, leastWidth, openSystems, placeLanes } from "../lanes_layout";
import { fitLastWord, performedText } from "../lanes_rows";
import { drawHead } from "../lanes_threads";
import { measureOf } from "../measure";
import type { Row } from "../protocol";
import { FakeModel, makePlace, rootOf, timelineAt } from "./fake_model";
import { render } from "./bundles";

const sans = measureOf(document.body);
const unknown = (): undefined => undefined;

describe("whether the process is up", () => {
  test.each([
    ["SFX", 3, false],
    ["SFXR", 4, true],
    ["SFXr", 4, false],
    ["SFXrL", 5, false],
    ["SFf", 3, true],
    ["S", 1, true],
  ])("after %s, before row %i: %s", (outline, index, isUp) => {
    expect(isUpBefore(index, outline, unknown)).toBe(isUp);
  });

  test("a recover that is known says so better than its letter", () => {
    const recover = timelineAt(0).rows[5]!;
    const rowAt = (result: Row["result"]) => () => ({ ...recover, result });
    expect([isUpBefore(4, "SFXr", rowAt("committed")), isUpBefore(4, "SFXR", rowAt("down"))]).toEqual([true, false]);
  });
});

describe("what was performed", () => {
  test.each([
    ["charged ×2", 62, "charged ×2"],
    ["charged ×2", 56, "charged×2"],
    ["charged ×2", 55, "char… ×2"],
    ["charged ×12", 56, "char… ×12"],
    ["charged ×2", 20, "×2"],
    ["charged ×1", 56, "charged×1"],
    ["deposited ×1", 56, "depos… ×1"],
    ["answers refused", 56, "refused"],
  ])("%s in %i px is %s: how often is never cut", (label, room, text) => {
    const row = { ...timelineAt(0).rows[0]!, label, short: label.split(" ").at(-1)! };
    expect(performedText(sans, row, room)).toBe(text);
  });
});

describe("what is emitted", () => {
  test.each([
    [81, "ChargeCard #1"],
    [60, "Charge #1"],
    [50, "Char… #1"],
    [20, "#1"],
  ])("in %i px is %s: its id is never cut", (room, text) => {
    expect(fitLastWord(sans, room, "ChargeCard #1", "Charge #1")).toBe(text);
  });
});

describe("what is emitted under a long id", () => {
  test.each([
    [220, "SendMail #(mail, ada@x.org)"],
    [150, "Send #(mail, ada@x.org)"],
    [70, "SendMail"],
    [40, "SendM…"],
  ])("in %i px is %s: its name is never left out", (room, text) => {
    expect(fitLastWord(sans, room, "SendMail #(mail, ada@x.org)", "Send #(mail, ada@x.org)")).toBe(text);
  });
});

describe("what the state remembers while the process is down", () => {
  test.each([
    ["#1\n#2", ["#1", "#2"]],
    ["#(mail, ada@x.org)", ["1 id kept"]],
    ["#1\n#(mail, ada@x.org)", ["2 ids"]],
  ])("%j is %j in the pillar", (holds, shown) => {
    const timeline = timelineAt(0);
    timeline.rows[4]!.holds = holds;
    const place = makePlace();
    const unmount = render({ model: new FakeModel({ timeline }), el: place });
    const texts = [...rootOf(place).querySelectorAll(".holds")].map((each) => each.textContent);
    expect(texts).toEqual(shown);
    unmount();
    place.remove();
  });
});

describe("the width of the lanes", () => {
  test("what comes out of more systems is wider, never wider than the column of the explorer", () => {
    expect([leastWidth(1, 1), leastWidth(2, 2), leastWidth(3, 2), leastWidth(9, 2)]).toEqual([288, 348, 368, 464]);
  });

  test.each([
    [280, true, "288"],
    [289, false, "289"],
    [464, false, "464"],
  ])("in %i px the lanes scroll sideways: %s", (room, scrolls, width) => {
    const place = makePlace();
    const clientWidth = Object.getOwnPropertyDescriptor(HTMLElement.prototype, "clientWidth");
    Object.defineProperty(HTMLElement.prototype, "clientWidth", { configurable: true, get: () => room });
    const unmount = render({ model: new FakeModel(), el: place });
    if (clientWidth) Object.defineProperty(HTMLElement.prototype, "clientWidth", clientWidth);
    else Reflect.deleteProperty(HTMLElement.prototype, "clientWidth");
    const scroller = rootOf(place).querySelector(".scroller")!;
    const drawn = scroller.querySelector(".lanebody svg")!.getAttribute("width");
    expect([scroller.classList.contains("wide"), drawn]).toEqual([scrolls, width]);
    unmount();
    place.remove();
  });

  test.each([
    [288, ["card network of all banks"]],
    [380, ["card network of all banks"]],
    [464, ["card network"]],
    [464, ["card network", "mail server"]],
    [640, ["card network", "mail server", "third party"]],
  ])("at %i px no two heads touch: %j", (width, systems) => {
    const timeline = { ...timelineAt(0), systems };
    const lanes = placeLanes(width, timeline, openSystems(systems, [], undefined), sans, ["own"]);
    const ends = drawHead(lanes, systems, sans)
      .filter((each) => each.getAttribute("y") === "15")
      .map((each) => {
        const [x, half] = [Number(each.getAttribute("x")), sans.width(each.textContent!, 11, 600) / 2];
        return { word: each.textContent, from: x - half, to: x + half };
      })
      .sort((a, b) => a.from - b.from);
    const touching = ends.filter(({ from }, order) => order > 0 && from < ends[order - 1]!.to + 4);
    expect(touching.map(({ word }) => word)).toEqual([]);
  });

  test.each([
    [288, [234, 250, 274]],
    [380, [312, 338, 364]],
  ])("in %i px what was performed and the marks stand beside each other within the lanes", (width, expected) => {
    const timeline = timelineAt(0);
    const lanes = placeLanes(width, timeline, openSystems(timeline.systems, [], undefined), sans, ["own", "rules"]);
    expect([lanes.systems[0]!.x + lanes.pillHalf, ...lanes.checks.map(({ x }) => x)]).toEqual(expected);
  });

  test("properties and rules each have a column of marks, named above it", () => {
    const timeline = timelineAt(0);
    const lanes = placeLanes(464, timeline, openSystems(timeline.systems, [], undefined), sans, ["own", "rules"]);
    const heads = drawHead(lanes, timeline.systems, sans).filter((each) => /^(own|rules|checks)$/.test(each.textContent!));
    const placed = heads.map((each) => [each.textContent, Number(each.getAttribute("x"))]);
    expect(placed).toEqual([
      ["own", 422],
      ["rules", 448],
      ["checks", 435],
    ]);
  });

  test.each([288, 464])("at %i px the mouse over the head of each column is told what it is about", (width) => {
    const timeline = timelineAt(0);
    const lanes = placeLanes(width, timeline, openSystems(timeline.systems, [], undefined), sans, ["own", "rules"]);
    const hints = drawHead(lanes, timeline.systems, sans).flatMap(
      (each) => each.querySelector("title")?.textContent ?? [],
    );
    expect(hints).toEqual(["own: your properties", "rules: what PHASM asks of every machine"]);
  });
});
