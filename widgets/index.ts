/* The bundle: one anywidget module for every widget of the lab, and the same for a static page. */

import type { Model } from "./model";
import type { Saved } from "./protocol";
import { render } from "./render";
import { staticModel } from "./static_model";
import { drawOverTable, storeTable } from "./stored_table";

export { staticModel };

export function mountStatic(el: HTMLElement, data: Saved): () => void {
  return render({ model: staticModel(data), el });
}

/* Called once for each model, also where no cell shows it. */
function initialize({ model }: { model: Model }): () => void {
  const undo = [storeTable(model), drawOverTable(model, (el) => render({ model, el }))];
  return () => undo.forEach((each) => each());
}

/* If `render` were exported by itself, anywidget would not call `initialize`. */
export default { initialize, render };
