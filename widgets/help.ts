/* The list of keys, and the tables that stand in for the pictures. */

import { LINE, button, h } from "./dom";
import { icon } from "./marks";
import { KEY_HELP } from "./keys";
import { CHECKED } from "./lanes_threads";
import type { Mark } from "./protocol";

export interface TableSwitch {
  name: string;
  words: string;
  shown: boolean;
}

const MARK_WORDS: readonly (readonly [Mark, string])[] = [
  ["input", "input"],
  ["transition", "transition"],
  ["commit", "commit"],
  ["rejected", "rejected"],
  ["tracked", "tracked action"],
  ["untracked", "untracked action"],
  ["crash", "crash"],
  ["recover", "recover, runs restore"],
  ["storage", "injected fault"],
  ["ok", "property holds"],
  ["broken", "property broken"],
  ["unreached", "not reached, not judged"],
];

export function drawHelp(switches: TableSwitch[]): HTMLElement {
  const keys = KEY_HELP.flatMap(([key, words]) => [
    h("dt", ...key.split(" ").map((each) => (/^(or|–)$/.test(each) ? h("span.note", ` ${each} `) : h("kbd", each)))),
    h("dd", words),
  ]);
  const marks = MARK_WORDS.map(([mark, words]) => h("li", icon(mark), h("span", words)));
  const checks = Object.values(CHECKED).map((words) => h("li", words));
  const tables = switches.map(({ name, words, shown }) =>
    button(name, `Show ${words} as ${shown ? "picture" : "table"}`, { "aria-pressed": String(shown) }, LINE),
  );
  return h(
    "section.help",
    { role: "dialog", "aria-label": "Keyboard and help", tabindex: -1, "data-focus": "help" },
    h("div.cap", h("b", "Keys and marks"), button("help", "Close", { "data-focus": "closeHelp" })),
    h("div.helpbody", h("dl", ...keys), h("div", h("ul", ...marks, ...checks), h("div.tables", ...tables))),
  );
}
