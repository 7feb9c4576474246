"""paramiko's SFTP client, with what it leaves out: the server's extensions and limits, and its refusals by code."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import cast

import paramiko
from paramiko.message import Message
from paramiko.sftp import (
    CMD_EXTENDED,
    CMD_EXTENDED_REPLY,
    CMD_INIT,
    CMD_STATUS,
    CMD_VERSION,
    CMD_WRITE,
    SFTP_CONNECTION_LOST,
    SFTP_EOF,
    SFTP_NO_CONNECTION,
    SFTP_NO_SUCH_FILE,
    SFTP_OK,
    SFTP_OP_UNSUPPORTED,
    SFTP_PERMISSION_DENIED,
    SFTPError,
    int64,
)

PROTOCOL_VERSION = 3
SAFE_WRITE_BYTES = 32_768
"""Every server takes packets of 34,000 bytes, says the protocol's draft (draft-ietf-secsh-filexfer-02, section 3)."""
MOST_WRITE_BYTES = 262_144

_LIMITS = "limits@openssh.com"  # OpenSSH's PROTOCOL file, section 4.8
_MAX_TEXT = 120
_ENDS = {SFTP_EOF, SFTP_NO_CONNECTION, SFTP_CONNECTION_LOST}


class SftpRefusedError(Exception):
    """The server's no to one request. ``code`` by the protocol; the text is the server's, cut short."""

    def __init__(self, code: int, text: str) -> None:
        words = "".join(letter if letter.isprintable() else " " for letter in text)[:_MAX_TEXT].strip()
        super().__init__(words or f"status {code}")
        self.code = code

    @property
    def is_missing(self) -> bool:
        return self.code == SFTP_NO_SUCH_FILE

    @property
    def is_forbidden(self) -> bool:
        return self.code == SFTP_PERMISSION_DENIED

    @property
    def is_unsupported(self) -> bool:
        return self.code == SFTP_OP_UNSUPPORTED


class SftpClient(paramiko.SFTPClient):
    """Raises SftpRefusedError where paramiko raises an OSError that also a broken connection could have given."""

    # paramiko's, which its type hints leave out.
    _request: Callable[..., tuple[int, Message]]
    _async_request: Callable[..., int]
    _read_response: Callable[..., tuple[int | None, Message | None]]
    _send_packet: Callable[[int, Message], None]
    _read_packet: Callable[[], tuple[int, bytes]]

    def write_limit(self) -> int:
        """How many bytes one write request may carry. Large ones take half the time: fewer answers to read."""
        if _LIMITS not in self._extensions:
            return SAFE_WRITE_BYTES
        with suppress(SftpRefusedError):
            kind, answer = self._request(CMD_EXTENDED, _LIMITS)
            if kind == CMD_EXTENDED_REPLY:
                _packet, _read, write = answer.get_int64(), answer.get_int64(), answer.get_int64()
                return min(write or MOST_WRITE_BYTES, MOST_WRITE_BYTES)
        return SAFE_WRITE_BYTES

    def _send_version(self) -> int:
        hello = Message()
        hello.add_int(PROTOCOL_VERSION)
        self._send_packet(CMD_INIT, hello)
        kind, data = self._read_packet()
        if kind != CMD_VERSION:
            raise SFTPError("Incompatible sftp protocol")
        answer = Message(data)
        version = answer.get_int()
        self._extensions = set()
        while answer.get_remainder():
            self._extensions.add(answer.get_string().decode(errors="replace"))
            answer.get_string()
        return version

    def _convert_status(self, answer: Message) -> None:
        code, text = answer.get_int(), answer.get_string().decode(errors="replace")
        if code in _ENDS:
            raise EOFError(text)
        if code != SFTP_OK:
            raise SftpRefusedError(code, text)


class Pipeline:
    """Writes to one open file without waiting for each answer.

    paramiko's own (`SFTPFile.set_pipelined`) overlooks the answers to the last writes, takes answers in the order of
    the requests only, and bounds nothing. Here no byte is sent before the server has confirmed every byte that lies
    more than ``in_flight`` bytes before it: what an attempt that broke off has left is right up to that distance from
    its end, whatever the order in which the server worked.
    """

    def __init__(self, client: SftpClient, handle: bytes, in_flight: int) -> None:
        self._client, self._handle, self._in_flight = client, handle, in_flight
        self._channel = cast("paramiko.Channel", client.get_channel())
        self._pending: dict[int, int] = {}  # request → offset, in the order of sending
        self._refusal: SftpRefusedError | None = None

    def write(self, offset: int, data: memoryview) -> None:
        """Raises SftpRefusedError: this or an earlier write was refused."""
        end = offset + len(data)
        while self._pending and end - next(iter(self._pending.values())) > self._in_flight:
            self._client._read_response()
        request = self._client._async_request(self, CMD_WRITE, self._handle, int64(offset), data)
        self._pending[request] = offset
        while self._pending and self._channel.recv_ready():
            self._client._read_response()
        self._raise_refusal()

    def drain(self) -> None:
        """Return when every write is confirmed. Raises SftpRefusedError: one was refused."""
        while self._pending:
            self._client._read_response()
        self._raise_refusal()

    def _raise_refusal(self) -> None:
        if self._refusal:
            raise self._refusal

    def _async_response(self, kind: int, answer: Message, request: int) -> None:
        """paramiko calls this with the answer to a request that was sent for this object."""
        del self._pending[request]
        if kind != CMD_STATUS:
            raise SFTPError("Expected status")
        try:
            self._client._convert_status(answer)
        except SftpRefusedError as refusal:
            # Not raised here: whoever reads answers may be waiting for another one.
            self._refusal = self._refusal or refusal
