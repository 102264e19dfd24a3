/* Every widget, whichever bundle it comes in. */

import explorer from "../entries/phasm_lab";
import graph from "../entries/state_graph";
import type { Model } from "../model";
import type { Traits } from "../protocol";

export const PARTS: Traits["part"][] = ["explorer", "timeline", "choices", "state_panel", "state_graph"];

export const render = ({ model, el }: { model: Model; el: HTMLElement }): (() => void) =>
  (/_graph$/.test(String(model.get("part"))) ? graph : explorer).render({ model, el });
