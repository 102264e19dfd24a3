/* The part of an anywidget model that the lab uses, and traits read from it in one shape whatever the host. */

import type { Traits } from "./protocol";

export interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  on(event: string, callback: () => void): void;
  off(event: string, callback: () => void): void;
  send?(content: unknown): void;
  widget_manager?: unknown;
  inside?: boolean; /* seen by a part inside the widget that the model belongs to */
}

/* Panel hands a dict over as a Map. */
function toPlain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), toPlain(item)]));
  if (Array.isArray(value)) return value.some((item) => typeof item === "object") ? value.map(toPlain) : value;
  if (value !== null && typeof value === "object" && Object.values(value).some((item) => item instanceof Map)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toPlain(item)]));
  }
  return value;
}

export function read<K extends keyof Traits>(model: Model, name: K): Traits[K] | undefined {
  const value = model.get(name);
  const isEmpty =
    value !== null && typeof value === "object" && !Array.isArray(value) && Object.keys(value).length === 0;
  return (isEmpty ? undefined : (value ?? undefined)) as Traits[K] | undefined;
}

/* The same model, with each Map turned into an object once. */
export function withPlainValues(model: Model): Model {
  const known = new WeakMap<object, unknown>();
  const get = (name: string): unknown => {
    const value = model.get(name);
    if (!(value instanceof Map)) return value;
    if (!known.has(value)) known.set(value, toPlain(value));
    return known.get(value);
  };
  const plain: Model = {
    get,
    set: (name, value) => model.set(name, value),
    save_changes: () => model.save_changes(),
    on: (event, callback) => model.on(event, callback),
    off: (event, callback) => model.off(event, callback),
  };
  if (typeof model.send === "function") plain.send = (content) => model.send!(content);
  if (model.widget_manager) plain.widget_manager = model.widget_manager;
  if (model.inside) plain.inside = true;
  return plain;
}
