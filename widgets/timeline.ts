/* The timeline by itself: the lanes, with find and the table as buttons. */

import { button, h } from "./dom";
import { EmptyPart } from "./empty";
import type { Command } from "./keys";
import { TimelinePart } from "./lanes_scroller";
import type { Model } from "./model";
import { leaveCell, mountSingle } from "./single";

export function mountTimeline(model: Model, el: HTMLElement): () => void {
  return mountSingle(model, el, "timeline", "PHASM Lab timeline", (session, cell) => {
    const part = new TimelinePart(session, cell, new EmptyPart(session).element);
    const table = button("stepsTable", "Show as table", { "aria-pressed": "false" });
    const showTable = (shown: boolean): boolean => {
      part.showTable(shown);
      table.setAttribute("aria-pressed", String(shown));
      table.replaceChildren(shown ? "Show as picture" : "Show as table");
      return true;
    };
    cell.actions["stepsTable"] = () => showTable(!part.tableShown);
    cell.actions["find"] = () => void part.run("find");
    cell.add(h("div.cap", h("b", "Timeline"), h("span.end", button("find", "Find"), table)));
    const run = (command: Command): boolean => {
      if (command === "back") return session.post({ kind: "back" }) >= 0;
      if (command !== "out") return part.run(command);
      return part.closeFinder() || (part.tableShown && showTable(false)) || leaveCell(cell);
    };
    return { part, keyboard: { choose: () => undefined, run } };
  });
}
