"""Servers on a free port of localhost, each ended by its own process id."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

START_LIMIT_S = 90
STOP_LIMIT_S = 15
POLL_INTERVAL_S = 0.05


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def private_environment(home):
    """The environment of this process, with a home folder of its own and nothing of the user's Jupyter settings."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON", "XDG_"))}
    return own | {"HOME": str(home), "IPYTHONDIR": str(home / ".ipython"), "JUPYTER_CONFIG_DIR": str(home / ".jupyter")}


class Server:
    """A command that answers at `url` once it has started.

    Parameters
    ----------
    command
        What to run, with an absolute path first.
    url
        An address that answers when the server is ready.
    home
        An existing folder: the server's home and working folder, and the place of its log.
    """

    def __init__(self, command, url, home):
        self.url = url
        self.log_path = Path(home) / "server.log"
        guard = [sys.executable, str(Path(__file__).with_name("end_with_parent.py")), str(os.getpid())]
        with self.log_path.open("wb") as log:
            self.process = subprocess.Popen(
                [*guard, *command],
                cwd=home,
                env=private_environment(Path(home)),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self):
        try:
            self._wait_until_it_answers()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _wait_until_it_answers(self):
        pause = threading.Event()
        for _ in range(int(START_LIMIT_S / POLL_INTERVAL_S)):
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.url}: the server ended at once\n{self._log()}")
            if answers(self.url):
                return
            pause.wait(POLL_INTERVAL_S)
        raise RuntimeError(f"{self.url}: no answer within {START_LIMIT_S} s\n{self._log()}")

    def _log(self):
        return self.log_path.read_text(errors="replace")


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - an address on localhost
            return response.status == http.HTTPStatus.OK
    except (urllib.error.URLError, http.client.HTTPException, OSError):
        return False
