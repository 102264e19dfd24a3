/* One way to post to Python: model.send where the host has it, else an outbox trait that Python acknowledges; none is lost, order is kept. */

import { type Model, read } from "./model";
import type { Post } from "./protocol";

export type PostBody = Post extends infer P ? (P extends Post ? Omit<P, "serial"> : never) : never;

export interface Poster {
  post(body: PostBody): number; /* the serial, or 0 if nobody is there to read it */
}

/* A view may be made again, and one model may have two views: a serial that was used is never used again. */
function lastSerial(model: Model): number {
  const outbox = read(model, "outbox") ?? [];
  const serials = outbox.map((post) => post.serial);
  return Math.max(0, read(model, "acknowledged") ?? 0, read(model, "answer")?.serial ?? 0, ...serials);
}

function putInOutbox(model: Model, post: Post): void {
  const acknowledged = read(model, "acknowledged") ?? 0;
  const waiting = (read(model, "outbox") ?? []).filter((earlier) => earlier.serial > acknowledged);
  model.set("outbox", [...waiting, post]);
  model.save_changes();
}

export function posterFor(model: Model): Poster {
  let serial = 0;
  const post = (body: PostBody): number => {
    serial = Math.max(serial, lastSerial(model)) + 1;
    const message = { ...body, serial, ...(model.inside ? { inside: true } : {}) } as Post;
    try {
      if (typeof model.send === "function") model.send(message);
      else putInOutbox(model, message);
    } catch {
      return 0; /* a model whose comm is closed throws; the strip says that there is no kernel */
    }
    return serial;
  };
  return { post };
}
