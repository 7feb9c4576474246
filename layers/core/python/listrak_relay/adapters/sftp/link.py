"""A connection that is ended when it stands still, and what a broken one means."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import paramiko

from listrak_relay.errors import RetryableError

_BROKEN = (EOFError, OSError, paramiko.SSHException, paramiko.SFTPError)


class LinkLostError(RetryableError):
    """The connection broke or stood still."""


class Link:
    """Watches over the steps taken on one transport.

    paramiko has time limits for some of its waits and none for others: it waits for ever for a server that no longer
    empties its receive buffer. So a step that takes longer than ``patience`` seconds has its connection closed.
    """

    def __init__(self, address: str, transport: paramiko.Transport, patience: float) -> None:
        self._address, self._transport, self._patience = address, transport, patience
        self._begun: float | None = None
        self._over = threading.Event()
        self._stood_still = False
        # paramiko's own limits, where it has them, must not come first: they look like a refusal.
        transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = patience * 4
        threading.Thread(target=self._watch, name="sftp-link", daemon=True).start()

    @contextmanager
    def step(self, doing: str) -> Iterator[None]:
        """``doing`` completes the sentence "… while" in the error's message.

        Raises:
            LinkLostError
        """
        self._begun = time.monotonic()
        try:
            yield
        except _BROKEN as error:
            how = f"stood still for {self._patience:g} s" if self._stood_still else "broke"
            raise LinkLostError(f"the connection to {self._address} {how} while {doing}") from error
        finally:
            self._begun = None

    def close(self) -> None:
        self._over.set()
        self._end()

    def _watch(self) -> None:
        while not self._over.wait(self._patience / 10):
            begun = self._begun
            if begun is not None and time.monotonic() - begun > self._patience:
                self._stood_still = True
                self._end()
                return

    def _end(self) -> None:
        with suppress(OSError):
            self._transport.close()
            self._transport.sock.close()  # close() leaves it open before the first key exchange
