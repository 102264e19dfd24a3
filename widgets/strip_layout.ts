/* Where every branch of the history lies on the strip: column = number of steps from the start, one line a branch, none crosses another. */

import type { Tree } from "./protocol";

export interface Branch {
  row: number;
  depth: number; /* of its first step */
  parentDepth: number; /* -1 for the root */
  parentRow: number;
  steps: number[];
  kinds: string;
  first: boolean; /* it continues its parent on the same line */
}

export interface StripLayout {
  branches: Branch[];
  rowCount: number;
  depthCount: number;
}

interface Segment {
  index: number;
  parent: number;
  depth: number;
  steps: number[];
  kinds: string;
}

function parentsOf(tree: Tree): Map<number, Segment[]> {
  const children = new Map<number, Segment[]>();
  tree.segments.forEach((segment, index) => {
    const list = children.get(segment.parent) ?? [];
    list.push({ index, ...segment });
    children.set(segment.parent, list);
  });
  return children;
}

/* Rows are filled from the top. A row is free for a branch if nothing lies between its parent's column and its end. */
class Shelf {
  readonly #spans: [number, number][][] = [];

  place(from: number, to: number, below: number): number {
    let row = below;
    while ((this.#spans[row] ?? []).some(([first, last]) => first <= to && from <= last)) row += 1;
    while (this.#spans.length <= row) this.#spans.push([]);
    this.#spans[row]!.push([from, to]);
    return row;
  }

  take(row: number, from: number, to: number): void {
    while (this.#spans.length <= row) this.#spans.push([]);
    this.#spans[row]!.push([from, to]);
  }

  get rowCount(): number {
    return this.#spans.length;
  }
}

export function layOutStrip(tree: Tree, labelDepths: number): StripLayout {
  const children = parentsOf(tree);
  const shelf = new Shelf();
  const branches: Branch[] = [];
  let depthCount = 0;
  const known = new Set(tree.segments.flatMap((segment) => (segment.parent < 0 ? [segment.parent] : [])));
  const roots = [...known].flatMap((parent) => children.get(parent) ?? []);
  const queue: { segment: Segment; parent: Branch | null; parentDepth: number }[] = roots.map((segment) => ({
    segment,
    parent: null,
    parentDepth: -1,
  }));
  while (queue.length) {
    const { segment, parent, parentDepth } = queue.shift()!;
    const end = segment.depth + segment.steps.length - 1;
    depthCount = Math.max(depthCount, end + 1);
    const continues =
      parent !== null &&
      parentDepth === parent.depth + parent.steps.length - 1 &&
      !branches.some((each) => each.first && each.row === parent.row && each.parentDepth === parentDepth);
    const from = parent === null || continues ? segment.depth : parentDepth;
    const row = continues ? parent.row : shelf.place(from, end + labelDepths, parent === null ? 0 : parent.row + 1);
    if (continues) shelf.take(row, from, end + labelDepths);
    const branch: Branch = {
      row,
      depth: segment.depth,
      parentDepth,
      parentRow: parent?.row ?? row,
      steps: segment.steps,
      kinds: segment.kinds,
      first: continues,
    };
    branches.push(branch);
    /* The branch that leaves last lies nearest, so that no line crosses another. */
    const next: typeof queue = [];
    for (let offset = segment.steps.length - 1; offset >= 0; offset--) {
      const below = children.get(segment.steps[offset]!) ?? [];
      for (const child of below) next.push({ segment: child, parent: branch, parentDepth: segment.depth + offset });
    }
    queue.unshift(...next);
  }
  return { branches, rowCount: shelf.rowCount, depthCount };
}

const WIDEST_PX = 36;
const NARROWEST_PX = 4;
const DENSE_ABOVE = 1000; /* nodes on the longest branch */

/* Px for each step of depth: 36 where there is room, 4 at the least, and below that only where the strip shows density. */
export function stepWidth(depthCount: number, room_px: number, most_px = WIDEST_PX): number {
  if (depthCount > DENSE_ABOVE) return room_px / depthCount;
  return Math.max(NARROWEST_PX, Math.min(most_px, room_px / Math.max(1, depthCount)));
}
