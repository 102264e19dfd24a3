import { describe, expect, test, vi } from "vitest";
import { PARTS, render } from "./bundles";
import { FakeModel, makePlace, press, rootOf, saved } from "./fake_model";


/* Counts the listeners on every target, whatever it is. */
function countListeners(act: () => void): number {
  const add = vi.spyOn(EventTarget.prototype, "addEventListener");
  const remove = vi.spyOn(EventTarget.prototype, "removeEventListener");
  act();
  const left = add.mock.calls.length - remove.mock.calls.length;
  add.mockRestore();
  remove.mockRestore();
  return left;
}

describe.each(PARTS)("the clean-up of %s", (part) => {
  test("leaves no listener, on the model or in the page", () => {
    const place = makePlace();
    const model = new FakeModel({ part, graph: saved.traits.graph! });
    const left = countListeners(() => {
      const unmount = render({ model, el: place });
      press(place, "?");
      unmount();
    });
    expect([left, model.listenerCount]).toEqual([0, 0]);
    place.remove();
  });

  test("leaves nothing in its place, which can be used again", () => {
    const place = makePlace();
    const model = new FakeModel({ part, graph: saved.traits.graph! });
    render({ model, el: place })();
    expect(place.childElementCount).toBe(0);
    const unmount = render({ model, el: place });
    expect(rootOf(place).querySelector("section")).not.toBe(null);
    unmount();
    place.remove();
  });
});

test("two views of one model do not share what they know", () => {
  const model = new FakeModel();
  const places = [makePlace(), makePlace()];
  const unmounts = places.map((el) => render({ model, el }));
  press(places[0]!, "f");
  const tabs = places.map((el) => rootOf(el).querySelector('[role="tab"][aria-selected="true"]')!.textContent);
  expect(tabs).toEqual(["full", "diff"]);
  for (const unmount of unmounts) unmount();
  for (const el of places) el.remove();
});

test("a change after the clean-up draws nothing", async () => {
  const place = makePlace();
  const model = new FakeModel();
  const unmount = render({ model, el: place });
  model.set("selected", 3);
  unmount();
  await Promise.resolve();
  expect(place.childElementCount).toBe(0);
  place.remove();
});
