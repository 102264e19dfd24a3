/* Two runs, row beside row: what both did, what only one did, where the process died, what happened twice, and what both end in. */

import { button, count, h, note, spoken } from "./dom";
import { icon } from "./marks";
import type { Comparison, ComparisonRow, End, EndLine, Link, Moment, Run, SideName, Sign } from "./protocol";

const SIDES: SideName[] = ["left", "right"];
const RELATIONS: Record<ComparisonRow["relation"], [string, string]> = {
  same: ["=", "same"],
  different: ["≠", "different"],
  "left only": ["◂", "left only"],
  "right only": ["▸", "right only"],
  moved: ["↕", "in another row on the other side"],
};
const SIGNS: Record<Sign, [string, string, string]> = {
  "+": ["+", "add", "added "],
  "-": ["−", "del", "removed "],
  "~": ["~", "chg", "changed "],
  " ": ["", "", ""],
};

function changed(sign: Sign, text: string): HTMLElement {
  const [shown, colour, words] = SIGNS[sign];
  const mark = h("span", { class: `sg ${colour}`, "aria-hidden": "true" }, shown);
  /* The space does not break: a sign at the end of a line would stand apart from what it is about. */
  return h("span", mark, spoken(words), "\u00a0", text);
}

const link = (to: Link): HTMLElement =>
  h(
    "button.link",
    { "data-do": "goRow", "data-side": to.side, "data-row": to.row, "data-focus": `go ${to.side} ${to.row}` },
    to.text,
  );

function moment(found: Moment): HTMLElement {
  const changes = found.changes.map(({ sign, text }) => changed(sign, text));
  return h(
    "div.st",
    h("span.n", found.step),
    icon(found.mark),
    h("b", found.title),
    changes.length || found.unchanged ? h("p", ...(changes.length ? changes : [found.unchanged])) : null,
    found.links.length ? h("p.links", ...found.links.map(link)) : null,
  );
}

function side(row: ComparisonRow, name: SideName, index: number): HTMLElement {
  const found = row[name];
  const other = row[name === "left" ? "right" : "left"];
  if (!found)
    return h("div.void", { role: "cell" }, h("span", { "aria-hidden": "true" }, "–"), spoken(`nothing on the ${name}`));
  const classes = [other ? "" : `only ${name}`, found.dead ? "dead" : "", found.twice ? `twice ${found.twice}` : ""];
  return h(
    "div",
    { role: "cell", class: classes.filter(Boolean).join(" ") || null, tabindex: -1, "data-at": `${name} ${index}` },
    moment(found),
  );
}

/* The relation of two cells stands between them. */
function between(sign: string, words: string, isBad: boolean, className = ""): HTMLElement {
  return h(
    "div",
    { role: "cell", class: `rel ${className} ${isBad ? "dif" : ""}`.trim() },
    h("b", { "aria-hidden": "true" }, sign),
    spoken(words),
  );
}

function rowOf(row: ComparisonRow, index: number): HTMLElement {
  const isBad = row.left?.twice === "first" || row.right?.twice === "first";
  return h(
    "div.pr",
    { role: "row" },
    side(row, "left", index),
    between(...RELATIONS[row.relation], isBad),
    side(row, "right", index),
  );
}

function lines(found: EndLine[]): HTMLElement {
  const texts = found.flatMap(({ sign, path, value, bad }) => {
    const [shown, colour, words] = SIGNS[sign];
    return [
      h("span", { class: `sg ${bad ? "bad" : colour}` }, h("span", { "aria-hidden": "true" }, shown), spoken(words)),
      h("span", { title: path }, path),
      h("span", { class: bad ? "bad" : null, title: value }, value),
    ];
  });
  return h("div.diff", ...texts);
}

function endOf(end: End, index: number, bad: string): HTMLElement {
  const more = end.more ? note(`and ${count(end.more)} more`) : null;
  const isBad = !end.is_same && bad !== "";
  const cells = SIDES.map((name) =>
    h(
      "div",
      { role: "cell", class: isBad && bad === name ? "twice first" : null },
      h("h3", end.title),
      lines(end[name]),
      more?.cloneNode(true),
    ),
  );
  const relation = between(...RELATIONS[end.is_same ? "same" : "different"], isBad);
  return h("div", { role: "row", class: index === 0 ? "pr ends first" : "pr ends" }, cells[0]!, relation, cells[1]!);
}

function headOf(run: Run, name: SideName, canChoose: boolean): HTMLElement {
  const flag = h("span.flag", { "aria-hidden": "true" }, name === "left" ? "L" : "R");
  const options = run.options.map(({ id, text }) => h("option", { value: id, selected: id === run.chosen }, text));
  const words = name === "left" ? "Left run" : "Right run";
  const shown =
    canChoose && options.length > 1
      ? h(
          "select",
          { "aria-label": words, title: run.title, "data-side": name, "data-focus": `choose ${name}` },
          ...options,
        )
      : h("span.run", { title: run.title }, spoken(`${words}: `), run.title);
  return h(
    "div.hd",
    { role: "columnheader" },
    flag,
    shown,
    note(`${count(run.step_count)} step${run.step_count === 1 ? "" : "s"}`),
  );
}

function foldOf(found: Comparison): HTMLElement[] {
  if (!found.common_count) return [];
  const isFolded = found.first >= found.common_count;
  const toggle = button(isFolded ? "unfold" : "fold", isFolded ? "Unfold" : "Fold", {
    "data-focus": "fold",
    "aria-expanded": String(!isFolded),
  });
  return [
    h("div.pr", { role: "row" }, h("div.fold", { role: "cell", "aria-colspan": 3 }, h("span", found.common), toggle)),
  ];
}

function pagesOf(found: Comparison): HTMLElement[] {
  const last = found.first + found.rows.length;
  const start = found.first >= found.common_count ? found.common_count : 0;
  if (last >= found.row_count && found.first <= start) return [];
  const words = `rows ${count(found.first + 1)} to ${count(last)} of ${count(found.row_count)}`;
  const earlier = button("rowsBefore", "Earlier rows", { disabled: found.first <= start });
  const later = button("rowsAfter", "Later rows", { disabled: last >= found.row_count });
  return [
    h("div.pr", { role: "row" }, h("div.fold", { role: "cell", "aria-colspan": 3 }, note(words), earlier, later)),
  ];
}

export function drawRows(found: Comparison, canChoose: boolean, canSwap: boolean): HTMLElement {
  const swap = button("swap", "⇄", {
    "aria-label": "Swap left and right",
    title: "swap left and right",
    disabled: !canSwap,
  });
  return h(
    "div.paths",
    { role: "table", "aria-label": `Two runs side by side. ${found.note}` },
    h(
      "div.pr",
      { role: "row" },
      headOf(found.left, "left", canChoose),
      h("div.rel", { role: "columnheader" }, swap),
      headOf(found.right, "right", canChoose),
    ),
    ...foldOf(found),
    ...found.rows.map((row, offset) => rowOf(row, found.first + offset)),
    ...pagesOf(found),
    ...found.ends.map((end, index) => endOf(end, index, found.bad)),
  );
}
