/* Copying text, also where the host gives no clipboard. The button says that it was done. */

import type { Cell } from "./cell";
import { h } from "./dom";

function copyByHand(cell: Cell, text: string): boolean {
  const field = h("textarea.sr", { "aria-hidden": "true" });
  field.value = text;
  cell.section.append(field);
  const before = cell.root.activeElement as HTMLElement | null;
  field.select();
  const done = document.execCommand?.("copy") ?? false;
  field.remove();
  cell.focus(before);
  return done;
}

export async function copyText(cell: Cell, text: string, button: HTMLElement | null): Promise<void> {
  const done = await (navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  ) ?? Promise.resolve(false));
  const copied = done || copyByHand(cell, text);
  cell.say(copied ? "Copied." : "The host gives no clipboard. Select the text and copy it.");
  if (!button || !copied) return;
  const words = button.dataset["words"] ?? button.textContent ?? "";
  button.dataset["words"] = words;
  button.replaceChildren("Copied");
  const timer = setTimeout(() => button.replaceChildren(words), 1500);
  cell.defer(() => clearTimeout(timer));
}
