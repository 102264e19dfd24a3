/* The bundle of the crash matrix and of two runs side by side, and the same for a static page. */

import { mountComparison } from "../comparison";
import { mountCrashMatrix } from "../crash_matrix";
import type { SavedRecoveries } from "../protocol";
import { staticRecoveries } from "../static_recoveries";
import { widgetModule } from "../widget_module";

const widgets = widgetModule({ crash_matrix: mountCrashMatrix, comparison: mountComparison });

export function mountStatic(el: HTMLElement, saved: SavedRecoveries): () => void {
  return widgets.render({ model: staticRecoveries(saved), el });
}

export default widgets;
