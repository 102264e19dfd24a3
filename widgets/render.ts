/* Draws a widget into an element: which one, its trait `part` says. */

import { mountChoices } from "./choices";
import { Explorer } from "./explorer";
import { type Model, read, withPlainValues } from "./model";
import type { Traits } from "./protocol";
import { mountStateGraph } from "./state_graph";
import { mountStatePanel } from "./state_panel";
import { mountTimeline } from "./timeline";

type Mount = (model: Model, el: HTMLElement) => () => void;

const MOUNTS: Record<Traits["part"], Mount> = {
  explorer: (model, el) => {
    const explorer = new Explorer(model, el);
    return () => explorer.dispose();
  },
  timeline: mountTimeline,
  choices: mountChoices,
  state_panel: mountStatePanel,
  state_graph: mountStateGraph,
};

export function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  const plain = withPlainValues(model);
  return MOUNTS[read(plain, "part") ?? "explorer"](plain, el);
}
