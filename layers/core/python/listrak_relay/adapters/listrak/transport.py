"""One request to Listrak, and what its failure says about whether it arrived."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Protocol

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidSchema, InvalidURL, MissingSchema
from urllib3.exceptions import NewConnectionError, SSLError

from listrak_relay.adapters.listrak.answer import Answer
from listrak_relay.adapters.listrak.base64_body import Base64JsonBody
from listrak_relay.errors import ConfigurationError
from listrak_relay.ports.listrak_email import CALLS_AT_ONCE

_UPLOAD_BLOCK = 1 << 18
"""Bytes handed to a connection at once; the usual 16 KiB cost a system call and a TLS record each."""

_TALKATIVE = (
    "urllib3.connection",
    "urllib3.connectionpool",
    "urllib3.poolmanager",
    "urllib3.response",
    "urllib3.util.retry",
)


class NotSentError(Exception):
    """Nothing of the request reached Listrak."""


class NoAnswerError(Exception):
    """The request, or a part of it, may have reached Listrak."""


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """One request to Listrak, with one body at most.

    ``json``: a body that is made into JSON.
    ``form``: a body of names and values.
    ``upload``: a body of JSON that can be read once.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] | None = None
    json: object = None
    form: Mapping[str, str] | None = None
    upload: Base64JsonBody | None = None


class Transport(Protocol):
    """Redirects are answers. No error's text has any part of the address or the body."""

    def send(self, request: Request) -> Answer:
        """Raises NotSentError, NoAnswerError, ConfigurationError (``listrak_url_invalid``), and what reading an upload
        raises: then Listrak has only a useless part of it."""
        ...


class ListrakTransport:
    """`Transport` by Requests: a pool of connections, for any number of threads.

    Args:
        timeouts: seconds to connect, and between two bytes of the answer.
        connections: kept open; as many calls may be under way at once.
    """

    def __init__(self, timeouts: tuple[float, float], connections: int = CALLS_AT_ONCE) -> None:
        _keep_addresses_out_of_logs()
        self._timeouts = timeouts
        self._session = _session(HTTPAdapter(pool_maxsize=connections, pool_block=True))

    def send(self, request: Request) -> Answer:
        if request.upload is None:
            return _send(self._session, self._timeouts, request)
        # On a connection of its own: a kept one may have died while the execution environment was frozen, and an import
        # lost that way is one whose outcome is unknown. The time to connect is also that to send a block, for which a
        # busy server may need longer.
        patient = (self._timeouts[1], self._timeouts[1])
        with _session(_LargeBlocks(pool_maxsize=1)) as session:
            return _send(session, patient, request)


class _LargeBlocks(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, blocksize=_UPLOAD_BLOCK, **kwargs)


def _session(adapter: HTTPAdapter) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no credentials from a .netrc
    session.headers["Accept"] = "application/json"
    # Requests reads the jar while another thread may be adding to it, and no call needs a cookie.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)
    return session


def _send(session: requests.Session, timeouts: tuple[float, float], request: Request) -> Answer:
    try:
        response = session.request(
            request.method,
            request.url,
            headers=dict(request.headers),
            params=request.query,
            json=request.json,
            data=request.form if request.upload is None else request.upload,
            timeout=timeouts,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        failure = _failure(error)
    else:
        return Answer(response.status_code, response.headers, response.content, response.elapsed.total_seconds())
    # Not raised while the other is handled: that one's text has the address, which may name a person.
    raise failure


def _failure(error: requests.RequestException) -> Exception:
    if isinstance(error, MissingSchema | InvalidSchema | InvalidURL):
        return ConfigurationError(
            "listrak_url_invalid",
            "the address of Listrak's API or LISTRAK_AUTH_URL is not the address of a web service",
        )
    if isinstance(error, requests.ConnectTimeout):
        return NotSentError("could not connect in time")
    if isinstance(error, requests.Timeout):
        return NoAnswerError("no answer in time")
    if isinstance(error, requests.ConnectionError):
        reason = getattr(error.args[0] if error.args else None, "reason", None)
        if isinstance(reason, NewConnectionError):
            return NotSentError("could not connect")
        if isinstance(reason, SSLError) and any(isinstance(a, ssl.SSLCertVerificationError) for a in reason.args):
            return NotSentError("could not connect: the server's certificate is not valid")
        return NoAnswerError("the connection broke")
    return NoAnswerError("the answer broke off")


def _keep_addresses_out_of_logs() -> None:
    """urllib3 logs the path of every request at DEBUG and, with a warning, of those whose answer has a bad header.

    A filter holds whatever level anyone gives to the loggers.
    """
    for name in _TALKATIVE:
        logging.getLogger(name).addFilter(_nothing)


def _nothing(_: logging.LogRecord) -> bool:
    return False
