"""What the tests of SFTP transfers share: accounts, uploads and the note that outlives an attempt."""

from __future__ import annotations

import hashlib
import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from listrak_relay.adapters.sftp.gateway import ParamikoSftp
from listrak_relay.domain.feeds.sftp_account import SftpAccount, read_account
from listrak_relay.errors import OutcomeUnknownError, RetryableError
from listrak_relay.ports.sftp import Delivered, Upload

NAME = "Listrak_Customer_20260102030405.csv"
IN_FLIGHT = 1 << 20
"""Less than in earnest, so that small files are resumed."""


@dataclass
class Note:
    """`ports.sftp.Publication`."""

    made: bool = False
    history: list[str] = field(default_factory=list)

    def begun(self) -> bool:
        return self.made

    def begin(self) -> None:
        self.made = True
        self.history.append("begin")

    def withdraw(self) -> None:
        self.made = False
        self.history.append("withdraw")


def some_bytes(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def upload_of(content: bytes, name: str = NAME) -> Upload:
    def body(offset: int) -> BinaryIO:
        stream = io.BytesIO(content)
        stream.seek(offset)
        return stream

    return Upload(name, len(content), hashlib.sha256(content).hexdigest()[:16], body)


def account(port: int, **values: object) -> SftpAccount:
    """An account on this machine; ``values`` go into the secret, ``None`` leaves a key out."""
    secret = {"host": "127.0.0.1", "port": port, "username": "relay", "password": "made-up", **values}
    return read_account("a-secret", json.dumps({key: value for key, value in secret.items() if value is not None}))


def gateway(on: SftpAccount, *, patience: float = 20.0, replace: bool = False) -> ParamikoSftp:
    return ParamikoSftp(on, patience=patience, replace=replace, in_flight=IN_FLIGHT)


def deliver_in_the_end(
    attempt: Callable[[int], ParamikoSftp], upload: Upload, note: Note, after_each: Callable[[], None], most: int = 8
) -> tuple[Delivered, int]:
    """Repeat as a queue would. Returns the outcome and the number of attempts."""
    for number in range(most):
        try:
            return attempt(number).deliver(upload, note), number + 1
        except (RetryableError, OutcomeUnknownError):
            after_each()
    raise AssertionError(f"not delivered after {most} attempts")


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}
