"""One connection: who may come in."""

from __future__ import annotations

import asyncssh

from local.sftp_server.state import Service


class Login(asyncssh.SSHServer):
    """One connection: who may come in."""

    def __init__(self, service: Service) -> None:
        self._users, self._faults, self._journal = service.users, service.faults, service.journal
        self._connections, self._over = service.connections, service.over

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._connections.add(conn)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncssh gives it
        self._connections.discard(self._connection)

    async def begin_auth(self, username: str) -> bool:
        self._journal.tried.append(username)
        if self._faults.stall_at_sign_in:
            await self._over.wait()
        lines = self._users.keys.get(username, [])
        self._connection.set_authorized_keys(asyncssh.import_authorized_keys("\n".join(lines)))
        return True

    def auth_completed(self) -> None:
        self._journal.signed_in.append(self._connection.get_extra_info("username"))
        self._journal.ciphers.append(self._connection.get_extra_info("recv_cipher"))

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return self._users.passwords.get(username) == password
