"""The local stack's SFTP server, which stands for Listrak's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.sftp_server.server import SftpServer
from local.sftp_server.state import Users

if TYPE_CHECKING:
    import asyncssh


@contextmanager
def running_sftp_server(
    folder: Path, users: Users | None = None, *host_keys: asyncssh.SSHKey, **options: Any
) -> Iterator[SftpServer]:
    """``folder``: files land here; made when missing. Without ``users`` it lets `relay` in with `made-up`, without
    ``host_keys`` it makes one. ``options``: of `SftpServer`."""
    folder.mkdir(exist_ok=True)
    users = users or Users({"relay": "made-up"})
    server = SftpServer(folder, users, list(host_keys) or None, **options)
    server.start()
    try:
        yield server
    finally:
        server.stop()
