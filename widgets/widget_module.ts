/* What a bundle gives to anywidget: draws the widget that the trait `part` names, and sees to the table that stands in for it. */

import { type Model, read, withPlainValues } from "./model";
import type { Traits } from "./protocol";
import { drawOverTable, storeTable } from "./stored_table";

type Mount = (model: Model, el: HTMLElement) => () => void;

export interface WidgetModule {
  initialize(given: { model: Model }): () => void;
  render(given: { model: Model; el: HTMLElement }): () => void;
}

export function widgetModule(mounts: Partial<Record<Traits["part"], Mount>>): WidgetModule {
  const render: WidgetModule["render"] = ({ model, el }) => {
    const plain = withPlainValues(model);
    return mounts[read(plain, "part")!]!(plain, el);
  };
  /* Called once for each model, also where no cell shows it. */
  const initialize: WidgetModule["initialize"] = ({ model }) => {
    const undo = [storeTable(model), drawOverTable(model, (el) => render({ model, el }))];
    return () => undo.forEach((each) => each());
  };
  return { initialize, render };
}
