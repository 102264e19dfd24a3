/* The timeline by itself: the lanes, with find and the table as buttons. */

import { button, h } from "./dom";
import type { Command } from "./keys";
import { TimelinePart } from "./lanes_scroller";
import type { Model } from "./model";
import { leaveCell, mountSingle } from "./single";

export function mountTimeline(model: Model, el: HTMLElement): () => void {
  return mountSingle(model, el, "timeline", "PHASM Lab timeline", (session, cell) => {
    const part = new TimelinePart(session, cell);
    const table = button("stepsTable", "Show as table", { "aria-pressed": "false" });
    const showTable = (shown: boolean): boolean => {
      part.showTable(shown);
      table.setAttribute("aria-pressed", String(shown));
      table.replaceChildren(shown ? "Show as picture" : "Show as table");
      return true;
    };
    cell.actions["stepsTable"] = () => showTable(!part.tableShown);
    cell.actions["find"] = () => part.openFinder();
    cell.add(h("div.cap", h("b", "Timeline"), h("span.end", button("find", "Find"), table)));
    const run = (command: Command): boolean => {
      if (command === "previous" || command === "next") return part.move(command === "next" ? 1 : -1) || true;
      if (command === "first" || command === "newest") return part.moveTo(command === "first" ? 0 : -1);
      if (command === "find") part.openFinder();
      else if (command === "foundNext" || command === "foundPrevious")
        return part.goFound(command === "foundNext" ? 1 : -1);
      else if (command === "back") session.post({ kind: "back" });
      else return command === "out" && (part.closeFinder() || (part.tableShown && showTable(false)) || leaveCell(cell));
      return true;
    };
    return { part, keyboard: { choose: () => undefined, run } };
  });
}
