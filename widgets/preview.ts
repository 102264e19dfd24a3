/* What a choice would do, in a place of fixed height, so that nothing moves while the pointer does. */

import { h, note } from "./dom";
import { icon } from "./marks";
import type { Chip, Sign } from "./protocol";

export const SIGN_CLASS: Record<Sign, string> = { "+": "add", "-": "del", "~": "chg", " ": "" };
export const SIGN_WORD: Record<Sign, string> = { "+": "added", "-": "removed", "~": "changed", " ": "" };

export const signText = (sign: Sign): string => (sign === "-" ? "−" : sign);

const LINES_SHOWN = 2;

export function drawPreview(chip: Chip | undefined, empty: string): HTMLElement[] {
  if (!chip) return [h("p", empty)];
  const { lines, more, emits, breaks } = chip.preview;
  const refused = lines.length ? chip.title : chip.reason;
  const left = lines.length - LINES_SHOWN + more;
  const drawn: HTMLElement[] = [
    h("span.note", chip.enabled ? `preview: ${chip.title || chip.text}` : `not now: ${refused}`),
  ];
  lines.slice(0, LINES_SHOWN).forEach((line, order) => {
    const tail = left > 0 && order === LINES_SHOWN - 1 ? h("span.note.tail", `and ${left} more`) : null;
    const sign = h("span", { class: `sg ${SIGN_CLASS[line.sign]}` }, signText(line.sign));
    drawn.push(h("span.mono", h("span.what", sign, " ", line.text), tail));
  });
  if (breaks) drawn.push(h("span.note.warn", icon("broken", 12), h("span.sr", "breaks"), " ", breaks));
  else if (emits) drawn.push(note(emits));
  return drawn;
}
