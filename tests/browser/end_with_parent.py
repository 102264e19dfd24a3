"""Run a command that is told to end when the process that asked for it ends, however that ends.

Usage: ``python end_with_parent.py PARENT_PROCESS_ID COMMAND [ARGUMENT ...]``
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # from <linux/prctl.h>


def main():
    parent_process_id, *command = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    # The parent may have ended before the kernel was asked.
    if os.getppid() == int(parent_process_id):
        os.execv(command[0], command)  # noqa: S606 - the point is to become the command


if __name__ == "__main__":
    main()
