"""JupyterLab 4 and Notebook 7 as a person uses them: open a notebook, run its cells, change the theme."""

import json
import sys
import urllib.parse
import urllib.request

import nbformat

from tests.browser.servers import Server, free_port

KERNEL_IS_IDLE = "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


class Jupyter:
    """One Jupyter server that serves both hosts, on localhost, with a root folder and a home of its own.

    Parameters
    ----------
    folder
        An empty folder. Notebooks live in ``folder / "notebooks"``.
    """

    def __init__(self, folder):
        self.root = folder / "notebooks"
        self.root.mkdir()
        home = folder / "home"
        write_settings(home)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.server = Server(jupyter_command(self.root, port), f"{self.url}/api/status", home)

    def write_notebook(self, name, *cells):
        """Store a notebook with these code cells; return its name."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, self.root / name)
        return name

    def open_in_lab(self, page, name, *, theme="light"):
        """Open the notebook in a JupyterLab workspace of its own, with an idle kernel."""
        # A workspace that was used before would bring its open tabs along.
        workspace = urllib.parse.quote(name.replace("/", "-").removesuffix(".ipynb"))
        page.goto(f"{self.url}/lab/workspaces/{workspace}/tree/{urllib.parse.quote(name)}")
        self._wait_until_ready(page, theme)
        close_side_bar(page)

    def open_in_notebook(self, page, name, *, theme="light"):
        """Open the notebook in Notebook 7, with an idle kernel."""
        page.goto(f"{self.url}/notebooks/{urllib.parse.quote(name)}")
        self._wait_until_ready(page, theme)

    def _wait_until_ready(self, page, theme):
        wait_for_idle_kernel(page)
        set_theme(page, theme)

    def end_kernels(self):
        """End every kernel that a page has started."""
        for session in self._ask("GET", "/api/sessions"):
            self._ask("DELETE", f"/api/sessions/{session['id']}")

    def _ask(self, method, path):
        request = urllib.request.Request(self.url + path, method=method)  # noqa: S310 - an address on localhost
        with urllib.request.urlopen(request) as response:  # noqa: S310 - an address on localhost
            text = response.read()
        return json.loads(text) if text else None


def jupyter_command(root, port):
    return [
        sys.executable,
        *("-m", "jupyterlab", "--no-browser", "--allow-root"),
        *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"),
        f"--ServerApp.root_dir={root}",
        *("--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True"),
        *("--LabApp.expose_app_in_browser=True", "--JupyterNotebookApp.expose_app_in_browser=True"),
    ]


def write_settings(home):
    """Switch off what asks the internet for news, and what opens a page that a test did not ask for."""
    folder = home / ".jupyter" / "labconfig"
    folder.mkdir(parents=True)
    disabled = ["@jupyterlab/apputils-extension:announcements", "@jupyterlab/extensionmanager-extension"]
    (folder / "page_config.json").write_text(json.dumps({"disabledExtensions": dict.fromkeys(disabled, True)}))


def wait_for_idle_kernel(page):
    page.wait_for_function(KERNEL_IS_IDLE)


def execute(page, command, arguments=None, *, first=""):
    """Run a command of the host, in one breath after the statement ``first``, and wait until it is done.

    The command's promise is not returned to Playwright, which would try to carry the host's widgets over.
    """
    page.evaluate(
        """([command, arguments_]) => {
            FIRST
            window.lastCommand = "running";
            window.jupyterapp.commands.execute(command, arguments_).then(
                () => { window.lastCommand = "done"; },
                (reason) => { window.lastCommand = `${command}: ${reason}`; },
            );
        }""".replace("FIRST", first),
        [command, arguments or {}],
    )
    page.wait_for_function("() => window.lastCommand !== 'running'")
    assert page.evaluate("window.lastCommand") == "done"


def run_all_cells(page):
    """Run every cell of the open notebook and wait until the kernel has answered the last one."""
    execute(page, "notebook:run-all-cells")


def run_cell(page, index):
    """Run one cell of the open notebook, whichever has the focus, and wait until the kernel has answered."""
    # The host makes a cell the active one whenever something in it takes the focus, so nothing may come between.
    choose = f"window.jupyterapp.shell.currentWidget.content.activeCellIndex = {index};"
    execute(page, "notebook:run-cell", first=choose)


def set_theme(page, theme):
    """Choose the host's light or dark theme and wait until the page shows it."""
    execute(page, "apputils:change-theme", {"theme": THEMES[theme]})
    # The body is 0 px high, so it never counts as visible.
    page.wait_for_selector(f"body[data-jp-theme-light='{str(theme == 'light').lower()}']", state="attached")


def close_side_bar(page):
    """Give JupyterLab's notebook the whole width."""
    page.evaluate("() => window.jupyterapp.shell.collapseLeft()")


def set_width(page, width_px, *, height_px=900):
    page.set_viewport_size({"width": width_px, "height": height_px})
    wait_for_layout(page)


def wait_for_layout(page):
    """Wait for two frames: the host lays itself out in the next one, and what it holds in the one after it."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
