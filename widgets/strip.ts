/* The branch strip: every run that was tried from the start, as a map to click on. It shrinks until only branches, crashes and breaks are marked. */

import type { Cell } from "./cell";
import { h, label, path, plural, rect, s, table } from "./dom";
import { mark } from "./marks";
import { measureOf } from "./measure";
import type { Mark } from "./protocol";
import { stepsOfBranch } from "./rows";
import type { Part, Session } from "./session";
import { type Branch, type StripLayout, layOutStrip, stepWidth } from "./strip_layout";

const ROW_PX = 24;
const LEFT_PX = 12;
const TOP_PX = 14;
const NODES_ABOVE_PX = 14; /* narrower than this, single nodes are not drawn */
const MOST_NODES = 400;
const MOST_TREE_ITEMS = 60;
const MOST_NAME_PX = 160;

/* Letters of the outline; small ones that stand for nothing else say that something broke there. */
const MARKS: readonly (readonly [RegExp, Mark])[] = [
  [/F/, "input"],
  [/x/i, "crash"],
  [/R/, "recover"],
  [/[fvr]/, "rejected"],
  [/[lue]/i, "storage"],
  [/[a-rt-z]/, "broken"],
];

const markOf = (letter: string): Mark => MARKS.find(([letters]) => letters.test(letter))?.[1] ?? "dot";

const isCrash = (letter: string): boolean => /x/i.test(letter);

const isLoud = (letter: string): boolean => /[Xa-rt-z]/.test(letter);

export class StripPart implements Part {
  readonly uses = ["tree", "selected", "marks", "theme"] as const;
  readonly element = h("div.map", { tabindex: 0, role: "group", "aria-label": "Branches", "data-focus": "strip" });
  #layout: StripLayout = { branches: [], rowCount: 0, depthCount: 0 };
  #unit = 36;
  #tableShown = false;
  #lastSelected = -1;

  readonly #session: Session;
  readonly #cell: Cell;

  constructor(session: Session, cell: Cell) {
    this.#session = session;
    this.#cell = cell;
    cell.actions["strip"] = (_, event) => this.#click(event as MouseEvent);
    cell.actions["branch"] = (element) => this.#session.select(Number(element.getAttribute("data-step")));
    cell.watchWidth(this.element, () => this.draw());
  }

  draw(): void {
    if (this.#tableShown) {
      this.element.replaceChildren(this.#table());
      return;
    }
    const { tree } = this.#session;
    const width = this.element.clientWidth || 680;
    const sans = measureOf(this.#cell.section);
    const names = Math.min(MOST_NAME_PX, Math.max(0, ...tree.names.map(({ name }) => sans.width(name, 11, 600))));
    const room = Math.max(60, width - LEFT_PX * 2 - names - 24);
    const most = width <= 520 ? 28 : 36;
    const depths = Math.max(1, ...tree.segments.map((segment) => segment.depth + segment.steps.length));
    this.#unit = stepWidth(depths, room, most);
    this.#layout = layOutStrip(tree, Math.ceil((names + 24) / this.#unit));
    this.element.replaceChildren(this.#picture(width, names));
    this.#reveal();
  }

  showTable(shown: boolean): void {
    this.#tableShown = shown;
    this.draw();
  }

  /* The last step of the next or previous branch, in the order of the strip. */
  neighbour(by: 1 | -1): number | null {
    const ends = this.#endings();
    if (ends.length < 2) return null;
    const here = Math.max(0, ends.indexOf(this.#session.timeline.branch));
    return ends[(here + by + ends.length) % ends.length] ?? null;
  }

  #endings(): number[] {
    const inner = new Set(this.#session.tree.segments.map((segment) => segment.parent));
    return this.#layout.branches
      .map((branch) => branch.steps.at(-1) ?? -1)
      .filter((step) => step >= 0 && !inner.has(step));
  }

  #x(depth: number): number {
    return LEFT_PX + depth * this.#unit;
  }

  #y(row: number): number {
    return TOP_PX + row * ROW_PX;
  }

  #picture(width: number, names_px: number): SVGSVGElement {
    const { branches, rowCount, depthCount } = this.#layout;
    const full = Math.max(this.#x(depthCount) + names_px + 30, Math.min(width - LEFT_PX * 2, 560));
    const height = Math.max(74, rowCount * ROW_PX + 6);
    const isTree = branches.length <= MOST_TREE_ITEMS;
    const name = `History: ${plural(this.#endings().length, "branch")}`;
    const svg = s("svg", {
      width: full,
      height,
      viewBox: `0 0 ${full} ${height}`,
      role: isTree ? "tree" : "img",
      "aria-label": name,
      "data-do": "strip",
      class: "strip",
    });
    const chosen = new Set(stepsOfBranch(this.#session.tree, this.#session.timeline.branch) ?? []);
    const few = this.#session.tree.step_count <= MOST_NODES && this.#unit >= NODES_ABOVE_PX;
    for (const branch of branches) svg.append(this.#line(branch, isTree, chosen.has(branch.steps.at(-1) ?? -1)));
    for (const branch of branches) svg.append(...(few ? this.#nodes(branch) : this.#ticks(branch)));
    svg.append(...this.#selectedRing(few), ...this.#flags(), ...this.#names(chosen));
    return svg;
  }

  #line(branch: Branch, isTree: boolean, isChosen: boolean): SVGGElement {
    const x1 = this.#x(Math.max(0, branch.parentDepth));
    const x2 = this.#x(branch.depth + branch.steps.length - 1);
    const [y1, y2] = [this.#y(branch.parentRow), this.#y(branch.row)];
    const bend = Math.min(6, this.#unit / 2);
    const straight = branch.parentDepth < 0 || branch.row === branch.parentRow;
    const colour = isCrash(branch.kinds[0] ?? "") && !straight ? "k-crash" : "k-line";
    const curve = straight
      ? `M${x1} ${y2}`
      : `M${x1} ${y1}V${y2 - bend}Q${x1} ${y2} ${x1 + bend} ${y2}H${this.#x(branch.depth)}`;
    const end = branch.steps.at(-1) ?? 0;
    const spoken = `${this.#nameOf(branch) || "branch"}, steps ${branch.steps[0] ?? 0} to ${end}`;
    const item = isTree
      ? {
          role: "treeitem",
          "aria-label": spoken,
          "aria-selected": String(isChosen),
          "aria-level": branch.parentDepth < 0 ? 1 : 2,
        }
      : {};
    const group = s("g", item);
    if (!straight) group.append(path(curve, `k ${colour}`));
    group.append(
      path(
        straight ? `${curve}H${x2}` : `M${this.#x(branch.depth)} ${y2}H${x2}`,
        `k ${this.#unit < 2 ? "k-dense" : "k-line"}`,
      ),
    );
    return group;
  }

  #nodes(branch: Branch): SVGElement[] {
    const y = this.#y(branch.row);
    const drawn: SVGElement[] = [];
    branch.steps.forEach((_, offset) => {
      const letter = branch.kinds[offset] ?? "D";
      const x = this.#x(branch.depth + offset);
      if (isCrash(letter))
        drawn.push(
          path(
            `M${x - this.#unit + 8} ${y}H${x - 6}`,
            "k k-crash",
            branch.parentDepth >= 0 && offset === 0 && branch.row !== branch.parentRow ? { visibility: "hidden" } : {},
          ),
        );
      const name = markOf(letter);
      drawn.push(
        s("circle", { cx: x, cy: y, r: Math.min(8, this.#unit * 0.4), class: "f-ground" }),
        mark(name, x, y, (name === "dot" ? 1 : 0.9) * Math.min(1, this.#unit / 18)),
      );
    });
    return drawn;
  }

  /* At a few px a step: crashes and breaks only, at most one mark for each px column. */
  #ticks(branch: Branch): SVGElement[] {
    const y = this.#y(branch.row);
    const crashes = new Set<number>();
    const breaks = new Set<number>();
    for (let offset = 0; offset < branch.kinds.length; offset++) {
      const letter = branch.kinds[offset]!;
      if (!isLoud(letter)) continue;
      (isCrash(letter) ? crashes : breaks).add(Math.round(this.#x(branch.depth + offset)));
    }
    const d = (xs: Set<number>, half: number): string => [...xs].map((x) => `M${x} ${y - half}V${y + half}`).join("");
    return [path(d(crashes, 6), "k k-crash"), path(d(breaks, 4), "k k-broken w-2")];
  }

  #spot(step: number): { x: number; y: number; letter: string } | null {
    for (const branch of this.#layout.branches) {
      const offset = branch.steps.indexOf(step);
      if (offset >= 0)
        return { x: this.#x(branch.depth + offset), y: this.#y(branch.row), letter: branch.kinds[offset] ?? "D" };
    }
    return null;
  }

  #selectedRing(few: boolean): SVGElement[] {
    const spot = this.#spot(this.#session.selected);
    if (!spot) return [];
    const r = few ? Math.min(10.5, Math.max(6, this.#unit * 0.42)) : 5;
    return [
      s("circle", { cx: spot.x, cy: spot.y, r, class: "f-ground k-ink w-2" }),
      mark(markOf(spot.letter), spot.x, spot.y, few ? 0.9 * Math.min(1, this.#unit / 18) : 0.6),
    ];
  }

  #flags(): SVGElement[] {
    return (["A", "B"] as const).flatMap((name) => {
      const step = this.#session.marks[name];
      const spot = step === null ? null : this.#spot(step);
      if (!spot) return [];
      const x = spot.x + (step === this.#session.selected ? 9 : 6);
      return [
        rect(x, spot.y - 14, 12, 12, "f-ink", { rx: 2 }),
        s("text", { x: x + 6, y: spot.y - 5, class: "c h flagname" }, name),
      ];
    });
  }

  /* Of several names on one branch the newest. */
  #nameOf(branch: Branch): string {
    return this.#session.tree.names.filter(({ step }) => branch.steps.includes(step)).at(-1)?.name ?? "";
  }

  #names(chosen: Set<number>): SVGElement[] {
    const sans = measureOf(this.#cell.section);
    return this.#layout.branches.flatMap((branch) => {
      const name = this.#nameOf(branch);
      if (!name) return [];
      const x = this.#x(branch.depth + branch.steps.length - 1) + 18;
      const isChosen = chosen.has(branch.steps.at(-1)!);
      return [label(x, this.#y(branch.row) + 4, sans.fit(150, name), isChosen ? "h" : "s")];
    });
  }

  #click(event: MouseEvent): void {
    const svg = this.element.querySelector("svg");
    if (!svg) return;
    const box = svg.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let best: { step: number; distance: number } | null = null;
    for (const branch of this.#layout.branches) {
      const nearest = Math.round((x - LEFT_PX) / this.#unit) - branch.depth;
      const offset = Math.max(0, Math.min(branch.steps.length - 1, nearest));
      const distance = Math.hypot(this.#x(branch.depth + offset) - x, (this.#y(branch.row) - y) * 1.5);
      if (!best || distance < best.distance) best = { step: branch.steps[offset]!, distance };
    }
    if (best && best.distance < 40) this.#session.select(best.step);
  }

  #reveal(): void {
    if (this.#lastSelected === this.#session.selected) return;
    this.#lastSelected = this.#session.selected;
    const spot = this.#spot(this.#session.selected);
    if (!spot) return;
    const box = this.element;
    if (spot.x < box.scrollLeft + 20 || spot.x > box.scrollLeft + box.clientWidth - 40)
      box.scrollLeft = spot.x - box.clientWidth / 2;
    if (spot.y < box.scrollTop + 8 || spot.y > box.scrollTop + box.clientHeight - 12)
      box.scrollTop = spot.y - box.clientHeight / 2;
  }

  #table(): HTMLElement {
    const rows = this.#layout.branches.slice(0, 200).map((branch) => {
      const end = branch.steps.at(-1) ?? 0;
      const crashes = [...branch.kinds].filter(isCrash).length;
      const cells = [this.#nameOf(branch), branch.steps[0] ?? 0, end, branch.steps.length, crashes].map((text) => h("td", text));
      return h("tr", { "data-do": "branch", "data-step": end }, ...cells);
    });
    return table(`${this.#session.tree.step_count} steps`, ["branch", "first step", "last step", "steps", "crashes"], rows);
  }
}
