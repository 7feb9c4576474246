"""The server, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncssh

from local.sftp_server.files import Files
from local.sftp_server.login import Login
from local.sftp_server.state import Faults, Journal, Service, Users


class SftpServer:
    """Serves ``folder`` as the root of everyone on 127.0.0.1, in a thread of its own."""

    def __init__(
        self,
        folder: Path,
        users: Users,
        host_keys: list[asyncssh.SSHKey] | None = None,
        *,
        gives_no_sftp: bool = False,
        login: Callable[[Service], Login] = Login,
        **options: Any,
    ) -> None:
        """``login``: of one connection. ``options``: further ones of `asyncssh.create_server`."""
        self._service = Service(folder, users)
        self._gives_no_sftp = gives_no_sftp
        self._login, self._options = login, options
        self.host_keys = host_keys or [asyncssh.generate_private_key("ssh-ed25519")]
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sftp-server", daemon=True)
        self._listener: asyncssh.SSHAcceptor | None = None

    @property
    def folder(self) -> Path:
        return self._service.folder

    @property
    def faults(self) -> Faults:
        return self._service.faults

    @property
    def journal(self) -> Journal:
        return self._service.journal

    @property
    def host_key_lines(self) -> list[str]:
        """Public host keys, one line each."""
        return [key.export_public_key().decode().strip() for key in self.host_keys]

    def start(self, port: int = 0) -> None:
        """Returns when connections are taken; 0 takes a free port."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(port), self._loop).result(timeout=30)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(timeout=30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=30)
        self._loop.close()

    def _session(self, channel: asyncssh.SSHServerChannel[bytes]) -> Files:
        return Files(self._service, channel)

    async def _listen(self, port: int) -> None:
        self._listener = await asyncssh.create_server(
            lambda: self._login(self._service),
            "127.0.0.1",
            port,
            server_host_keys=self.host_keys,
            sftp_factory=None if self._gives_no_sftp else self._session,
            allow_scp=False,
            **self._options,
        )
        self.port = self._listener.get_port()

    async def _close(self) -> None:
        self._service.over.set()
        if self._listener:
            self._listener.close()
            for connection in tuple(self._service.connections):
                connection.abort()
            await self._listener.wait_closed()
        # What the connections began ends by itself, but not at once.
        await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}), return_exceptions=True)
