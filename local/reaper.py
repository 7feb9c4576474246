"""Outlives the stack by a moment, to end what the stack started even if the stack was killed.

Run as a script by `local.processes`. Reads ``+<process group>`` and ``-<process group>`` lines; at the end of its
input, which comes when the stack is gone for whatever reason, it kills the groups that are left.
"""

import contextlib
import os
import signal
import sys


def main() -> None:
    groups: set[int] = set()
    for line in sys.stdin:
        group = int(line[1:])
        if line.startswith("+"):
            groups.add(group)
        else:
            groups.discard(group)
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
