"""Takes pictures of the dev page, to be looked at beside the design: python widgets/dev/shoot.py OUT_FOLDER [name ...]."""

from __future__ import annotations

import http.server
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
BROWSER = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
]


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves the repository without a line for each request."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def press(*keys: str):
    """What to do before the picture: focus the cell and press keys."""

    def act(page: Page) -> None:
        page.locator("section.phl").focus()
        for key in keys:
            page.keyboard.press(key)
            page.wait_for_timeout(30)

    return act


def type_wrong(page: Page) -> None:
    """Type what is no literal into the form and fire it."""
    page.get_by_label("Pay.cents").fill("twelve")
    page.keyboard.press("Enter")


def show_tables(page: Page) -> None:
    """Show the steps and the branches as tables."""
    for words in ("Show steps as table", "Show branches as table"):
        press("?")(page)
        page.get_by_role("button", name=words).click()


SCENES: dict[str, tuple[str, int, Any]] = {
    "lab-light": ("live&step=7", 952, None),
    "lab-dark": ("live&step=7&theme=dark", 952, None),
    "crash-ruler": ("live&step=1", 952, press("s")),
    "down-dark": ("live&step=4&theme=dark", 952, press("f")),
    "code-dark": ("live&step=5&theme=dark", 952, press("s")),
    "start": ("live&step=0", 952, None),
    "saved": ("step=3", 952, None),
    "problem": ("live&step=7&problem", 952, type_wrong),
    "ghost": ("live&step=9&slow", 952, press("1")),
    "grammar": ("live&fixture=grammar", 952, None),
    "grammar-top": ("live&fixture=grammar&theme=dark", 952, press("Home")),
    "crash-keys": ("live&fixture=grammar", 952, press("c", "c")),
    "marks": ("live&step=7", 952, press("m", "ArrowLeft", "m")),
    "branch": ("live&step=11", 952, None),
    "early": ("live&step=16&theme=dark", 952, None),
    "start-only": ("live&fixture=start", 952, None),
    "help": ("live&step=7", 952, press("?")),
    "medium": ("live&step=7&width=760", 792, None),
    "narrow-light": ("live&step=7&width=420", 452, None),
    "narrow-dark": ("live&step=3&width=420&theme=dark", 452, None),
    "slim-light": ("live&step=7&width=289", 320, None),
    "slim-dark": ("live&fixture=grammar&width=289&theme=dark", 320, press("Home")),
    "tables": ("live&step=7", 952, show_tables),
    "tables-slim": ("live&step=7&width=289&theme=dark", 320, show_tables),
    "thousand": ("live&fixture=thousand", 952, press("Home")),
    "thousand-end": ("live&fixture=thousand&theme=dark", 952, None),
    "hostile": ("live&fixture=hostile", 952, None),
    "hostile-narrow": ("live&fixture=hostile&width=420", 452, None),
    "graph": ("live&part=state_graph", 952, None),
    "graph-dark": ("live&part=state_graph&theme=dark&width=420", 452, None),
    "timeline": ("live&part=timeline", 952, None),
    "choices": ("live&part=choices&step=1", 452, None),
    "state": ("live&part=state_panel", 452, None),
}


def main() -> None:
    """Serve the repository on localhost, take each picture, stop."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[2:] or list(SCENES)
    subprocess.run(["node", "widgets/dev/make_fixtures.mjs"], cwd=ROOT, check=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(ROOT)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/widgets/dev/page.html"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=BROWSER)
        for name in wanted:
            query, width, act = SCENES[name]
            page = browser.new_page(viewport={"width": width, "height": 640})
            page.on("console", lambda message, name=name: print(name, message.text))
            page.on("pageerror", lambda error, name=name: print(name, error))
            page.goto(f"{address}?{query}")
            page.wait_for_selector("body[data-ready]")
            if act:
                act(page)
            page.wait_for_timeout(200)
            page.mouse.move(0, 0)
            page.screenshot(path=str(folder / f"{name}.png"), full_page=True)
            print(
                name,
                "drawn in",
                round(page.evaluate("window.drawn_ms")),
                "ms,",
                page.evaluate(COUNT_ELEMENTS),
                "elements",
            )
            page.close()
        browser.close()
    server.shutdown()


COUNT_ELEMENTS = """() => {
  const root = document.querySelector('.phasm-lab').shadowRoot;
  return root.querySelectorAll('*').length + ', ' + root.querySelectorAll('[role=option]').length + ' rows';
}"""


if __name__ == "__main__":
    main()
