/* Light or dark: what the trait says, else what the host says, else what the system says. */

export type Theme = "light" | "dark";

const WATCHED = ["data-jp-theme-light", "data-theme", "data-bs-theme", "data-color-mode", "class", "style"];

function named(element: Element): Theme | null {
  for (const name of ["data-theme", "data-bs-theme", "data-color-mode"]) {
    const value = element.getAttribute(name);
    if (value === "dark" || value === "light") return value;
  }
  const jupyter = element.getAttribute("data-jp-theme-light");
  return jupyter === null ? null : jupyter === "false" ? "dark" : "light";
}

function luminance(colour: string): number | null {
  const parts = colour.match(/[\d.]+/g)?.map(Number);
  if (parts === undefined || parts.length < 3 || parts[3] === 0) return null;
  return (0.2126 * parts[0]! + 0.7152 * parts[1]! + 0.0722 * parts[2]!) / 255;
}

/* The first ground that is painted behind the cell, also through the shadow roots of a host such as Panel. */
function groundBehind(element: Element): Theme | null {
  let at: Element | null = element;
  while (at !== null) {
    const light = luminance(getComputedStyle(at).backgroundColor);
    if (light !== null) return light < 0.45 ? "dark" : "light";
    const parent: Element | null = at.parentElement;
    const root = at.getRootNode();
    at = parent ?? (root instanceof ShadowRoot ? root.host : null);
  }
  return null;
}

export function hostTheme(element: Element): Theme {
  const said = named(document.body) ?? named(document.documentElement);
  if (said !== null) return said;
  const ground = element.parentElement ? groundBehind(element.parentElement) : null;
  if (ground !== null) return ground;
  return typeof matchMedia === "function" && matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/* Sets data-theme on the host element. Where the person asks for another theme than the host has, the host's own ground and ink
   would be wrong: data-ground="own" then leaves them aside. Returns what stops watching. */
export function followTheme(element: HTMLElement, asked: () => "auto" | Theme): { update(): void; dispose(): void } {
  const update = (): void => {
    const host = hostTheme(element);
    const choice = asked();
    const theme = choice === "auto" ? host : choice;
    if (element.dataset["theme"] !== theme) element.dataset["theme"] = theme;
    const ground = theme === host ? "host" : "own";
    if (element.dataset["ground"] !== ground) element.dataset["ground"] = ground;
  };
  const observer = new MutationObserver(update);
  for (const target of [document.body, document.documentElement])
    observer.observe(target, { attributeFilter: WATCHED });
  const system = typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : null;
  system?.addEventListener("change", update);
  update();
  return {
    update,
    dispose: () => {
      observer.disconnect();
      system?.removeEventListener("change", update);
    },
  };
}
