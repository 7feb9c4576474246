"""Whose a connection is. Imports nothing of the program."""

from __future__ import annotations

from contextlib import suppress

import psutil


def owner_of(port: int) -> int | None:
    """Which of the processes below this one has a connection from this port."""
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            if any(each.laddr[1:] == (port,) for each in child.net_connections("tcp")):
                return int(child.pid)
    return None
