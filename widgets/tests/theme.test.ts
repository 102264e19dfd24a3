import { afterEach, describe, expect, test } from "vitest";
import { followTheme, hostTheme } from "../theme";

afterEach(() => {
  for (const name of ["data-jp-theme-light", "data-theme", "style"]) document.body.removeAttribute(name);
});

const follow = (asked: "auto" | "light" | "dark"): [string, string] => {
  const element = document.createElement("div");
  document.body.append(element);
  const theme = followTheme(element, () => asked);
  theme.dispose();
  element.remove();
  return [element.dataset["theme"]!, element.dataset["ground"]!];
};

describe("the theme", () => {
  test.each([
    ["true", "light"],
    ["false", "dark"],
  ])("JupyterLab's body with data-jp-theme-light=%s is %s", (value, theme) => {
    document.body.setAttribute("data-jp-theme-light", value);
    expect(follow("auto")).toEqual([theme, "host"]);
  });

  test("a dark ground behind the cell is a dark host", () => {
    document.body.style.backgroundColor = "rgb(20, 20, 24)";
    const element = document.createElement("div");
    document.body.append(element);
    expect(hostTheme(element)).toBe("dark");
    element.remove();
  });

  test("a theme asked for against the host's brings its own ground", () => {
    document.body.setAttribute("data-jp-theme-light", "true");
    expect(follow("dark")).toEqual(["dark", "own"]);
    expect(follow("light")).toEqual(["light", "host"]);
  });
});
