/* The keys of the cell. They work while the focus is inside it and not in a text field, and the host's own shortcuts stay silent meanwhile. */

import type { Cell } from "./cell";

export type Command =
  | "previous"
  | "next"
  | "first"
  | "newest"
  | "back"
  | "crash"
  | "input"
  | "nextBranch"
  | "previousBranch"
  | "mark"
  | "compare"
  | "diff"
  | "full"
  | "code"
  | "find"
  | "foundNext"
  | "foundPrevious"
  | "copy"
  | "help"
  | "check"
  | "out";

const COMMANDS: Record<string, Command> = {
  ArrowLeft: "previous",
  k: "previous",
  ArrowRight: "next",
  j: "next",
  Home: "first",
  End: "newest",
  Backspace: "back",
  c: "crash",
  i: "input",
  b: "nextBranch",
  B: "previousBranch",
  m: "mark",
  "=": "compare",
  d: "diff",
  f: "full",
  s: "code",
  "/": "find",
  n: "foundNext",
  N: "foundPrevious",
  y: "copy",
  "?": "help",
  x: "check",
  Escape: "out",
};

export const KEY_HELP: readonly (readonly [string, string])[] = [
  ["1 – 9 0", "take a choice"],
  ["← → or k j", "previous, next step"],
  ["Home End", "first, newest step"],
  ["Backspace", "back one step, the branch stays"],
  ["c", "crash points, again for the next ten"],
  ["i", "input form"],
  ["b B", "next, previous branch"],
  ["m", "mark A, then B"],
  ["=", "compare A with B"],
  ["d f s", "diff, full, source"],
  ["/", "find a step"],
  ["n N", "next, previous found step"],
  ["x", "check, or stop checking"],
  ["y", "copy the Python line"],
  ["?", "this list"],
  ["Esc", "out of a panel, then out of the cell"],
];

export interface Keyboard {
  choose(digit: number): void;
  run(command: Command): boolean; /* false: nothing was done, the key stays the host's */
}

const TYPED = new Set(["INPUT", "TEXTAREA", "SELECT"]);

const inField = (event: KeyboardEvent): boolean => {
  const target = event.composedPath()[0];
  return target instanceof Element && (TYPED.has(target.tagName) || (target as HTMLElement).isContentEditable);
};

function act(event: KeyboardEvent, keyboard: Keyboard): boolean {
  if (/^\d$/.test(event.key)) {
    keyboard.choose(Number(event.key) || 10);
    return true;
  }
  const command = COMMANDS[event.key];
  return command !== undefined && keyboard.run(command);
}

const hasControl = (key: KeyboardEvent): boolean => key.ctrlKey || key.metaKey;

/* Whether the host may hear of it: only of Esc, once there is nothing left to close, and of Ctrl+S, which saves the notebook. */
function isForHost(key: KeyboardEvent, keyboard: Keyboard): boolean {
  const typed = inField(key);
  if (key.ctrlKey || key.metaKey || key.altKey) {
    if (hasControl(key) && /^s$/i.test(key.key)) return true;
    // The browser would select the whole page.
    if (hasControl(key) && !typed && /^a$/i.test(key.key)) key.preventDefault();
    return false;
  }
  if (typed && key.key === "Escape") keyboard.run("out");
  if (typed || key.defaultPrevented) return false;
  const done = act(key, keyboard);
  if (done) key.preventDefault();
  return !done && key.key === "Escape";
}

/* No key that could be a shortcut of the host leaves the cell: in a notebook Ctrl+A would select all cells and "d d" delete them. Tab leaves. */
export function listenToKeys(cell: Cell, keyboard: Keyboard): void {
  cell.listen(cell.section, "keydown", (event) => {
    const key = event as KeyboardEvent;
    if (key.key !== "Tab" && !isForHost(key, keyboard)) key.stopPropagation();
  });
}
