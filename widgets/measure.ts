/* The width of text in the font that the host really shows: fonts differ by a fifth, so it is measured and never guessed. */

export interface Measure {
  family: string;
  width(text: string, size_px?: number, weight?: number): number;
  fit(room_px: number, long: string, short?: string, size_px?: number, weight?: number): string;
}

const GUESS_PX = 0.56; /* only where there is no canvas: a test's DOM */
const LONGEST = 300; /* no label in a picture can be longer; keeps 100 KB names from being measured */

function widthIn(
  context: CanvasRenderingContext2D | null,
  family: string,
  text: string,
  size_px: number,
  weight: number,
): number {
  if (context === null) return text.length * size_px * GUESS_PX;
  context.font = `${weight} ${size_px}px ${family}`;
  return context.measureText(text).width;
}

const measures = new Map<string, Measure>();

/* The family may change: a widget can be drawn before it stands in the page, and the host's theme can bring other fonts. */
export function measureOf(element: Element, property: "font-family" | "--phl-mono" = "font-family"): Measure {
  const family =
    getComputedStyle(element).getPropertyValue(property) || (property === "font-family" ? "sans-serif" : "monospace");
  const measure = measures.get(family) ?? measureIn(family);
  measures.set(family, measure);
  return measure;
}

function measureIn(family: string): Measure {
  const context = document.createElement("canvas").getContext?.("2d") ?? null;
  const known = new Map<string, number>();
  const width = (text: string, size_px = 11, weight = 400): number => {
    const cut = text.slice(0, LONGEST);
    const key = `${weight} ${size_px} ${cut}`;
    let found = known.get(key);
    if (found === undefined) {
      if (known.size > 5000) known.clear();
      found = widthIn(context, family, cut, size_px, weight);
      known.set(key, found);
    }
    return found;
  };
  const shorten = (text: string, room_px: number, size_px: number, weight: number): string => {
    let low = 0;
    let high = Math.min(text.length, LONGEST);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (width(`${text.slice(0, middle)}…`, size_px, weight) <= room_px) low = middle;
      else high = middle - 1;
    }
    return low === 0 ? "" : `${text.slice(0, low)}…`;
  };
  const fit = (room_px: number, long: string, short = long, size_px = 11, weight = 400): string => {
    if (long.length <= LONGEST && width(long, size_px, weight) <= room_px) return long;
    if (short.length <= LONGEST && width(short, size_px, weight) <= room_px) return short;
    return shorten(short, room_px, size_px, weight);
  };
  return { family, width, fit };
}
