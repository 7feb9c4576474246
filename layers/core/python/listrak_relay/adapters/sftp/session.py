"""paramiko's transport, with several ways to sign in on one connection.

Its own asks for the right to sign in anew with each way, for which strict servers end the connection; and the class
that it has for this waits for ever where an answer comes too soon.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import paramiko
from paramiko.auth_handler import AuthHandler
from paramiko.message import Message

_SERVICE = "ssh-userauth"
Answers = Callable[[str, str, Sequence[tuple[str, bool]]], list[str]]


class Session(paramiko.Transport):
    """Each way gives the names of those that the server wants besides, and raises as `paramiko.Transport.auth_password`
    does."""

    may_sign_in = False

    def by_key(self, username: str, key: paramiko.PKey) -> list[str]:
        return self._sign_in(lambda handler, done: handler.auth_publickey(username, key, done))

    def by_password(self, username: str, password: str) -> list[str]:
        return self._sign_in(lambda handler, done: handler.auth_password(username, password, done))

    def by_prompts(self, username: str, answers: Answers) -> list[str]:
        return self._sign_in(lambda handler, done: handler.auth_interactive(username, answers, done))

    def _sign_in(self, begin: Callable[[AuthHandler, threading.Event], None]) -> list[str]:
        done = threading.Event()
        handler = self.auth_handler = _Handler(self)
        begin(handler, done)
        return handler.wait_for_response(done)


class _Handler(AuthHandler):
    transport: Session

    def _request_auth(self) -> None:
        if self.transport.may_sign_in:
            # What the server said to the first request holds.
            accepted = Message()
            accepted.add_string(_SERVICE)
            accepted.rewind()
            self._parse_service_accept(accepted)  # type: ignore[attr-defined]  # the hints leave it out
        else:
            self.transport.may_sign_in = True
            super()._request_auth()  # type: ignore[misc]  # the hints leave it out
