/* Which rows of a long branch are shown one by one, and which quiet runs fold to a bead with their number. */

/* One row, or a bead of several. */
export interface Item {
  first: number;
  last: number;
}

export const isFold = (item: Item): boolean => item.last > item.first;

export const FOLDS_ABOVE = 60;
const NEWEST_SHOWN = 12; /* what a person just did stays open */
const QUIET =
  /[FDPV]/; /* capital letters of the outline: fire, dispatch, perform, deliver, nothing rejected or broken in them */

const inside = (index: number, opened: readonly [number, number][]): boolean =>
  opened.some(([first, last]) => index >= first && index <= last);

/* The crashed row keeps the row before it: what was under way is what the crash is about. */
function stays(outline: string, index: number, selected: number): boolean {
  if (index === 0 || index >= outline.length - NEWEST_SHOWN || Math.abs(index - selected) <= 1) return true;
  const next = outline[index + 1] ?? "";
  return !QUIET.test(outline[index]!) || next === "X" || next === "x";
}

export function fold(outline: string, selected: number, opened: readonly [number, number][]): Item[] {
  const items: Item[] = [];
  const folds = outline.length > FOLDS_ABOVE;
  let first = -1;
  const close = (end: number): void => {
    if (first < 0) return;
    items.push({ first, last: end - 1 });
    first = -1;
  };
  for (let index = 0; index < outline.length; index++) {
    const folded = folds && !stays(outline, index, selected) && !inside(index, opened);
    if (folded && first < 0) first = index;
    if (folded) continue;
    close(index);
    items.push({ first: index, last: index });
  }
  close(outline.length);
  return items;
}

/* The item that shows a row, itself or within a bead. */
export function itemOf(items: Item[], index: number): number {
  let low = 0;
  let high = items.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (items[middle]!.first <= index) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}
