/* Elements made from tags, attributes and text: the only place where user strings enter the page, and always as text. */

export type Child = Node | string | number | null | undefined | false;
export type Attributes = Record<string, string | number | boolean | null | undefined>;

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";
const SHOWN_LENGTH = 2000; /* a value of 100 KB would cost seconds of layout, and nobody reads it in a panel */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/* Control characters and direction marks are made visible, so that no value can hide or reorder what stands beside it. */
export function plain(value: string | number): string {
  const text = String(value);
  const cut = text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
  return cut.replace(CONTROL, (character) => {
    const code = character.charCodeAt(0);
    return code < 32 ? String.fromCharCode(0x2400 + code) : "\ufffd";
  });
}

function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    const spoken = name === "title" || name.startsWith("aria-");
    element.setAttribute(name, value === true ? "" : spoken ? plain(value) : String(value));
  }
}

function addChildren(element: Element, children: Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(plain(child)));
  }
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (tag === "button") element.setAttribute("type", "button");
  setAttributes(element, attributes);
  addChildren(element, children);
  return element;
}

export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG_NAMESPACE, tag);
  setAttributes(element, attributes);
  addChildren(element, children);
  return element;
}

export const path = (d: string, className: string, more: Attributes = {}): SVGPathElement =>
  s("path", { d, class: className, ...more });

export const label = (x: number, y: number, text: string | number, className = ""): SVGTextElement =>
  s("text", { x, y, class: className || null }, text);

export const rect = (x: number, y: number, width: number, height: number, className: string, more: Attributes = {}): SVGRectElement =>
  s("rect", { x, y, width: Math.max(0, width), height: Math.max(0, height), class: className, ...more });

export const note = (text: string): HTMLElement => h("span", { class: "note" }, text);

export const spoken = (text: string): HTMLElement => h("span", { class: "sr" }, text);

export const count = (value: number): string => value.toLocaleString("en-US");

export const plural = (value: number, word: string): string =>
  `${count(value)} ${word}${value === 1 ? "" : word.endsWith("ch") ? "es" : "s"}`;
