/* The bundle of the explorer and its parts, and the same for a static page. */

import { mountChoices } from "../choices";
import { mountExplorer } from "../explorer";
import type { Saved } from "../protocol";
import { mountStatePanel } from "../state_panel";
import { staticModel } from "../static_model";
import { mountTimeline } from "../timeline";
import { widgetModule } from "../widget_module";

export { staticModel };

const widgets = widgetModule({
  explorer: mountExplorer,
  timeline: mountTimeline,
  choices: mountChoices,
  state_panel: mountStatePanel,
});

export function mountStatic(el: HTMLElement, data: Saved): () => void {
  return widgets.render({ model: staticModel(data), el });
}

/* If `render` were exported by itself, anywidget would not call `initialize`. */
export default widgets;
