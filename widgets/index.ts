/* The bundle: one anywidget module for every widget of the lab, and the same for a static page. */

import { mountChoices } from "./choices";
import { Explorer } from "./explorer";
import { type Model, read, withPlainValues } from "./model";
import type { Saved, Traits } from "./protocol";
import { mountStateGraph } from "./state_graph";
import { mountStatePanel } from "./state_panel";
import { staticModel } from "./static_model";
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

export { staticModel };

export function mountStatic(el: HTMLElement, data: Saved): () => void {
  return render({ model: staticModel(data), el });
}

export default { render };
