/* The rows of the selected branch that have arrived so far. A row never changes once its step exists, so it is kept by step number. */

import type { Row, Thread, Timeline, Tree } from "./protocol";

const KEPT_ROWS = 20_000;

/* The steps of the branch that ends at `last`, from the start; null where the tree does not say. */
export function stepsOfBranch(tree: Tree, last: number): number[] | null {
  const pieces: number[][] = [];
  let wanted = last;
  for (let turn = 0; turn <= tree.segments.length; turn++) {
    const segment = tree.segments.find((each) => indexOf(each.steps, wanted) >= 0);
    if (segment === undefined) return null;
    pieces.push(segment.steps.slice(0, indexOf(segment.steps, wanted) + 1));
    if (segment.parent < 0) return pieces.reverse().flat();
    wanted = segment.parent;
  }
  return null;
}

/* Step numbers grow along a branch. */
function indexOf(steps: number[], wanted: number): number {
  let low = 0;
  let high = steps.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = steps[middle]!;
    if (found === wanted) return middle;
    if (found < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

export class RowStore {
  readonly #rows = new Map<number, Row>();
  readonly #stepAt = new Map<number, number>();
  readonly #threadOf = new Map<string, Thread>();
  #covered: [number, number][] = [];
  #branch = -1;
  #path: number[] | null = null;
  #timeline: Timeline | null = null;
  rowCount = 0;

  absorb(timeline: Timeline, tree: Tree): void {
    if (timeline === this.#timeline) return;
    this.#timeline = timeline;
    if (timeline.branch !== this.#branch || timeline.row_count !== this.rowCount) this.#startBranch(timeline, tree);
    timeline.rows.forEach((row, offset) => {
      this.#rows.set(row.step, row);
      this.#stepAt.set(timeline.first + offset, row.step);
    });
    for (const thread of timeline.threads)
      this.#threadOf.set(`${thread.kind} ${thread.id} ${thread.from} ${thread.slot}`, thread);
    if (timeline.rows.length) this.#cover(timeline.first, timeline.first + timeline.rows.length);
  }

  #cover(first: number, end: number): void {
    const last = this.#covered.at(-1);
    if (last && first <= last[1] && end >= last[0])
      last.splice(0, 2, Math.min(first, last[0]), Math.max(end, last[1]));
    else this.#covered.push([first, end]);
  }

  rowAt(index: number): Row | undefined {
    const step = this.#path?.[index] ?? this.#stepAt.get(index);
    return step === undefined ? undefined : this.#rows.get(step);
  }

  stepOf(index: number): number | undefined {
    return this.#path?.[index] ?? this.#stepAt.get(index);
  }

  /* -1 where the step is not on this branch, or not known to be. */
  indexOf(step: number): number {
    if (this.#path) return indexOf(this.#path, step);
    for (const [index, each] of this.#stepAt) if (each === step) return index;
    return -1;
  }

  get threads(): Thread[] {
    return [...this.#threadOf.values()];
  }

  /* The first of these row indexes that Python has not sent for this branch yet. */
  missing(indexes: number[]): number {
    const there = (index: number): boolean =>
      this.#covered.some(([first, end]) => index >= first && index < end) && this.rowAt(index) !== undefined;
    return indexes.find((index) => !there(index)) ?? -1;
  }

  #startBranch(timeline: Timeline, tree: Tree): void {
    const path = stepsOfBranch(tree, timeline.branch);
    if (!this.#showsAllThatGrew(timeline, path)) {
      this.#covered = [];
      this.#stepAt.clear();
      this.#threadOf.clear();
      if (this.#rows.size > KEPT_ROWS) this.#rows.clear();
    }
    this.#branch = timeline.branch;
    this.rowCount = timeline.row_count;
    this.#path = path?.length === timeline.row_count ? path : null;
  }

  /* A thread that began before and ends in a new row touches the new rows: what is known of the others stays true. */
  #showsAllThatGrew(timeline: Timeline, path: number[] | null): boolean {
    const before = this.#path ?? [];
    const count = before.length;
    const grew = count > 0 && path?.[count - 1] === before[count - 1];
    return grew && timeline.first <= count && timeline.first + timeline.rows.length === timeline.row_count;
  }
}
