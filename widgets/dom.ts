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

function addChild(element: Element, child: Child): void {
  if (child === null || child === undefined || child === false) return;
  element.append(child instanceof Node ? child : document.createTextNode(plain(child)));
}

type Part = Attributes | Child; /* attributes, if any, come first */

const isAttributes = (part: Part): part is Attributes =>
  typeof part === "object" && part !== null && !(part instanceof Node);

/* "span.note" is a span of class note; a button never submits a form. */
function make(create: (tag: string) => Element, kind: string, parts: Part[]): Element {
  const [tag = "", ...classes] = kind.split(".");
  const element = create(tag);
  if (classes.length) element.setAttribute("class", classes.join(" "));
  if (tag === "button") element.setAttribute("type", tag);
  for (const part of parts) {
    if (isAttributes(part)) setAttributes(element, part);
    else addChild(element, part);
  }
  return element;
}

export const h = <K extends keyof HTMLElementTagNameMap>(
  kind: K | `${K}.${string}`,
  ...parts: Part[]
): HTMLElementTagNameMap[K] => make((tag) => document.createElement(tag), kind, parts) as HTMLElementTagNameMap[K];

export const s = <K extends keyof SVGElementTagNameMap>(
  kind: K | `${K}.${string}`,
  ...parts: Part[]
): SVGElementTagNameMap[K] =>
  make((tag) => document.createElementNS(SVG_NAMESPACE, tag), kind, parts) as SVGElementTagNameMap[K];

export const LINE = "sm line"; /* the look of a button that stands alone */

/* What a click on it does is an action of the cell, by name; by the same name it has the focus again after it was drawn again. */
export const button = (action: string, words: string, more: Attributes = {}, look = "sm"): HTMLButtonElement =>
  h("button", { class: `btn ${look}`, "data-do": action, "data-focus": action, ...more }, words);

export const path = (d: string, className: string, more: Attributes = {}): SVGPathElement =>
  s("path", { d, class: className, ...more });

export const label = (x: number, y: number, text: string | number, className = ""): SVGTextElement =>
  s("text", { x, y, class: className || null }, text);

export const rect = (
  x: number,
  y: number,
  width: number,
  height: number,
  className: string,
  more: Attributes = {},
): SVGRectElement =>
  s("rect", { x, y, width: Math.max(0, width), height: Math.max(0, height), class: className, ...more });

export const table = (caption: string, heads: readonly string[], rows: HTMLElement[]): HTMLElement =>
  h(
    "table.steps",
    h("caption", caption),
    h("thead", h("tr", ...heads.map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", ...rows),
  );

export const note = (text: string): HTMLElement => h("span.note", text);

export const spoken = (text: string): HTMLElement => h("span.sr", text);

export const count = (value: number): string => value.toLocaleString("en-US");

export const plural = (value: number, word: string): string =>
  `${count(value)} ${word}${value === 1 ? "" : word.endsWith("ch") ? "es" : "s"}`;
