/* A saved notebook holds the table that stands beside the widget, which every reader can show without a kernel; where a kernel still
   has the widget, the widget is drawn over its table. JupyterLab would store the widget's place alone, and open it as an error. */

import { type Model, read } from "./model";

const WIDGET = "application/vnd.jupyter.widget-view+json";
const TABLE = "text/html";

interface Output {
  data?: Record<string, unknown>;
}
interface StoredCell {
  getOutputs?: () => Output[];
}
interface SaveSignal {
  connect(slot: (sender: unknown, state: string) => void): void;
  disconnect(slot: (sender: unknown, state: string) => void): void;
}
interface Notebook {
  saveState?: SaveSignal;
  model?: { cells?: Iterable<{ sharedModel?: StoredCell }> };
}

function asTable(output: Output, place: string): Output {
  const { [WIDGET]: widget, ...others } = output.data ?? {};
  const isOurs = widget && String(others[TABLE]).includes(place);
  return isOurs ? { ...output, data: others } : output;
}

/* While the notebook is being written, its cells give the table alone. */
export function storeTable(model: Model): () => void {
  const notebook = (model.widget_manager as { context?: Notebook } | undefined)?.context;
  const saving = notebook?.saveState;
  const heard = (_: unknown, state: string): void => {
    for (const { sharedModel } of notebook!.model!.cells!) giveTable(sharedModel, state === "started", read(model, "place")!);
  };
  saving?.connect(heard);
  return () => saving?.disconnect(heard);
}

/* What is put on the cell itself hides what its class has, until it is taken away. */
function giveTable(cell: StoredCell | undefined, begins: boolean, place: string): void {
  const getOutputs = cell?.getOutputs;
  if (!getOutputs) return;
  if (begins) cell.getOutputs = () => getOutputs.call(cell).map((output) => asTable(output, place));
  else delete cell.getOutputs;
}

/* A notebook that is opened while its kernel still runs: draws the widget over its table, and puts the table back at the end. */
export function drawOverTable(model: Model, draw: (el: HTMLElement) => () => void): () => void {
  const places = document.getElementsByClassName(read(model, "place") ?? "") as HTMLCollectionOf<HTMLElement>;
  const drawn = new Map<HTMLElement, () => void>();
  const look = (): void => {
    for (const [element, dispose] of drawn) if (!element.isConnected && drawn.delete(element)) dispose();
    for (const element of places) if (!drawn.has(element)) drawn.set(element, drawInstead(element, draw));
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { childList: true, subtree: true });
  look();
  return () => {
    observer.disconnect();
    drawn.forEach((dispose) => dispose());
  };
}

function drawInstead(element: HTMLElement, draw: (el: HTMLElement) => () => void): () => void {
  const table = [...element.childNodes];
  element.replaceChildren();
  const dispose = draw(element);
  return () => {
    dispose();
    element.replaceChildren(...table);
  };
}
