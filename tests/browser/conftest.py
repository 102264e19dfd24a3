"""Fixtures that give a test a real browser and the real hosts, all on localhost."""

import contextlib
import os
import sys
import urllib.parse
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.hosts import Jupyter
from tests.browser.servers import Server, free_port

CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
]
PAGE_LIMIT_MS = 60_000
expect.set_options(timeout=PAGE_LIMIT_MS)
LOCAL_SCHEMES = {"about", "blob", "chrome-error", "data", "file"}
LOCAL_HOSTS = {"127.0.0.1", "::1", "localhost"}


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, driven by Playwright."""
    if not CHROMIUM.exists():
        give_up = pytest.fail if "CI" in os.environ else pytest.skip
        give_up(f"{CHROMIUM} is not there: `make test` installs it as root; Debian's package is called chromium")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)


@pytest.fixture
def page(browser):
    """A fresh page of 1,200 x 900 px; the test fails at its end if a request has left this machine."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    context.set_default_timeout(PAGE_LIMIT_MS)
    urls = []
    context.on("request", lambda request: urls.append(request.url))
    context.on("page", lambda opened: opened.on("websocket", lambda socket: urls.append(socket.url)))
    yield context.new_page()
    context.close()
    assert [] == [url for url in urls if not is_local(url)]


def is_local(url):
    parts = urllib.parse.urlsplit(url)
    return parts.scheme in LOCAL_SCHEMES or parts.hostname in LOCAL_HOSTS


@pytest.fixture(scope="session")
def jupyter_server(tmp_path_factory):
    """The Jupyter server that all tests share."""
    jupyter = Jupyter(tmp_path_factory.mktemp("jupyter"))
    with jupyter.server:
        yield jupyter


@pytest.fixture
def jupyter_lab(jupyter_server):
    """A running Jupyter server (JupyterLab and Notebook); its kernels end with the test."""
    yield jupyter_server
    jupyter_server.end_kernels()


@pytest.fixture
def panel_app(tmp_path_factory):
    """A function that runs ``phasm-lab app FILE.py:NAME`` and returns the address of the page."""
    with contextlib.ExitStack() as servers:

        def start(target, *arguments):
            port = free_port()
            command = [str(Path(sys.executable).with_name("phasm-lab")), "app", target, "--port", str(port)]
            url = f"http://localhost:{port}/"
            home = tmp_path_factory.mktemp("panel")
            return servers.enter_context(Server([*command, "--no-browser", *arguments], url, home)).url

        yield start
