import { afterEach, beforeEach, expect, test } from "vitest";
import { render } from "./bundles";
import { FakeModel, makePlace, press, rootOf, settled, viewAt } from "./fake_model";

/* JupyterLab's manager, as far as a widget sees it. */
class Manager {
  kernel: { status: string; connectionStatus: string; statusChanged: Signal; connectionStatusChanged: Signal } | null;

  constructor() {
    this.kernel = {
      status: "idle",
      connectionStatus: "connected",
      statusChanged: new Signal(),
      connectionStatusChanged: new Signal(),
    };
  }

  die(): void {
    this.becomes("dead");
  }

  becomes(status: string): void {
    this.kernel!.status = status;
    this.kernel!.statusChanged.emit();
  }
}
class Signal {
  readonly slots = new Set<() => void>();
  connect(slot: () => void): void {
    this.slots.add(slot);
  }
  disconnect(slot: () => void): void {
    this.slots.delete(slot);
  }
  emit(): void {
    for (const slot of this.slots) slot();
  }
}

let place: HTMLElement;
let manager: Manager;
let model: FakeModel;
let unmount: () => void;

beforeEach(() => {
  place = makePlace();
  manager = new Manager();
  model = new FakeModel();
  Object.assign(model, { widget_manager: manager });
  unmount = render({ model, el: place });
});
afterEach(() => {
  unmount();
  place.remove();
});

test("when the kernel dies a strip says what still works, and choices do nothing", async () => {
  manager.die();
  await settled();
  expect(rootOf(place).querySelector(".strip span")!.textContent).toBe(
    "No kernel. Stepping works, new choices do not.",
  );
  rootOf(place).querySelector<HTMLElement>('[data-entry="1"]')!.click();
  expect(model.kinds()).toEqual(["ready"]);
});

test("without a kernel a step that was looked at is shown again", async () => {
  model.set("view", viewAt(3));
  model.set("selected", 3);
  await settled();
  manager.die();
  await settled();
  for (let times = 0; times < 4; times++) press(place, "ArrowRight");
  expect(rootOf(place).querySelector(".panel h4")!.textContent).toBe("7 · perform #1, charged");
});

test("the clean-up leaves nothing connected to the kernel", () => {
  unmount();
  expect([manager.kernel!.statusChanged.slots.size, manager.kernel!.connectionStatusChanged.slots.size]).toEqual([
    0, 0,
  ]);
});

test("a kernel that is started again has lost the widget for good", async () => {
  manager.becomes("restarting");
  manager.becomes("idle");
  await settled();
  expect(rootOf(place).querySelector(".strip span")!.textContent).toBe(
    "No kernel. Stepping works, new choices do not.",
  );
  expect(rootOf(place).querySelector<HTMLButtonElement>("header [data-do=check]")!.disabled).toBe(true);
});
