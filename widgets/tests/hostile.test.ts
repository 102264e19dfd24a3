import { describe, expect, test } from "vitest";
import { plain } from "../dom";
import { PARTS, render } from "./bundles";
import type { Traits } from "../protocol";
import { FakeModel, makePlace, press, rootOf, saved, viewAt } from "./fake_model";

const HOSTILE = [
  "<img src=x onerror=alert(1)>",
  "</script><script>alert(1)</script>",
  '"><svg onload=alert(1)>',
  "<style>*{display:none}</style>",
  "javascript:alert(1)",
  "{{constructor}}",
  "${1}",
  "&lt;b&gt;&amp;",
  "\u202egnp.exe",
  "\u0000\u0007\u001b[31m",
  "a\nb\tc",
  "x".repeat(100_000),
  "",
  " ",
  "'; drop table x; --",
  "]]>",
  "__proto__",
  "constructor",
];
const KEPT = new Set([
  "kind",
  "result",
  "mark",
  "sign",
  "lane",
  "state",
  "part",
  "theme",
  "own",
  "outline",
  "kinds",
  "key",
]);

function poison(value: unknown, hostile: string): unknown {
  if (Array.isArray(value)) return value.map((each) => poison(each, hostile));
  if (typeof value === "string") return hostile;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, KEPT.has(key) ? each : poison(each, hostile)]),
  );
}

const FORBIDDEN = "script, img, iframe, object, embed, link, a, form, video, style:not(:first-child)";

describe.each(PARTS)("hostile names and values in %s", (part) => {
  test.each(HOSTILE.map((text) => [text.slice(0, 30), text]))("%j stays text", (_, hostile) => {
    const traits = poison({ ...saved.traits, view: viewAt(3), part }, hostile) as Partial<Traits>;
    const place = makePlace();
    const unmount = render({ model: new FakeModel(traits), el: place });
    for (const key of ["f", "s", "d", "?"]) press(place, key);
    const root = rootOf(place);
    expect([...root.querySelectorAll(FORBIDDEN)].map((each) => each.tagName)).toEqual([]);
    const handlers = [...root.querySelectorAll("*")].flatMap((each) =>
      each.getAttributeNames().filter((name) => name.startsWith("on")),
    );
    expect(handlers).toEqual([]);
    unmount();
    place.remove();
  });
});

test("the words of a hostile name are shown as they are", () => {
  const place = makePlace();
  const view = viewAt(7);
  view.header.name = "<b>bold</b>";
  const unmount = render({ model: new FakeModel({ view }), el: place });
  expect(rootOf(place).querySelector("h2")!.textContent).toBe("<b>bold</b>");
  unmount();
  place.remove();
});

test("what would reorder or hide text is made visible", () => {
  expect(plain("\u202egnp.exe")).toBe("\ufffdgnp.exe");
  expect(plain("a\nb\u0000")).toBe("a\u240ab\u2400");
});

test("a text of 100 KB is cut", () => {
  expect(plain("x".repeat(100_000)).length).toBe(2001);
});

test("an event is posted by its exact id, however odd", () => {
  const place = makePlace();
  const view = viewAt(7);
  const odd = `"\u0000'<img>\u202e`;
  view.choices.groups[2]!.items[0]!.chips[0]!.id = odd;
  const model = new FakeModel({ view });
  const unmount = render({ model, el: place });
  press(place, "2");
  expect(model.posted.at(-1)).toMatchObject({ kind: "take", choice: odd });
  unmount();
  place.remove();
});
