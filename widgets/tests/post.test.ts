import { describe, expect, test } from "vitest";
import { posterFor } from "../post";
import type { Post } from "../protocol";
import { FakeModel } from "./fake_model";

const steps = (posts: Post[]): number[] => posts.flatMap((post) => (post.kind === "goto" ? [post.step] : []));
const twenty = Array.from({ length: 20 }, (_, step) => step);

describe("posting", () => {
  test("twenty posts go out by send, in order", () => {
    const model = new FakeModel();
    const poster = posterFor(model);
    for (const step of twenty) poster.post({ kind: "goto", step });
    expect(steps(model.posted)).toEqual(twenty);
    expect(model.posted.map((post) => post.serial)).toEqual(twenty.map((step) => step + 1));
  });

  test("twenty posts arrive through the outbox though Python sees only some of its values", () => {
    const model = new FakeModel({ outbox: [], acknowledged: 0 }, false);
    const poster = posterFor(model);
    const arrived: Post[] = [];
    const takeOut = (): void => {
      for (const post of model.get("outbox") as Post[]) {
        if (post.serial <= (model.get("acknowledged") as number)) continue;
        arrived.push(post);
        model.set("acknowledged", post.serial);
      }
    };
    for (const step of twenty) {
      poster.post({ kind: "goto", step });
      if (step % 7 === 3) takeOut();
    }
    takeOut();
    expect(steps(arrived)).toEqual(twenty);
  });

  test("the outbox forgets what was acknowledged", () => {
    const model = new FakeModel({ outbox: [], acknowledged: 0 }, false);
    const poster = posterFor(model);
    poster.post({ kind: "back" });
    model.set("acknowledged", 1);
    poster.post({ kind: "run" });
    expect(model.get("outbox")).toEqual([{ kind: "run", serial: 2 }]);
  });

  test("a view made again does not use a serial twice", () => {
    const model = new FakeModel({ answer: { serial: 7, problem: null } });
    expect(posterFor(model).post({ kind: "ready" })).toBe(8);
  });

  test("a closed comm posts nothing and says so", () => {
    const model = new FakeModel();
    model.send = () => {
      throw new Error("closed");
    };
    expect(posterFor(model).post({ kind: "run" })).toBe(0);
  });
});
