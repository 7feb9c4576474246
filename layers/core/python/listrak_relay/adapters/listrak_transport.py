"""One request to Listrak, and what its failure says about whether it arrived."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NameResolutionError, NewConnectionError

POOL_SIZE = 8
"""Connections kept open; as many calls may be under way at once."""

LONGEST_RETRY_AFTER_SECONDS = 43_200.0


class NotSentError(Exception):
    """Nothing of the request reached Listrak."""


class NoAnswerError(Exception):
    """The request, or a part of it, may have reached Listrak."""


class _LargeBlocks(HTTPAdapter):
    """Sends bodies in blocks of 256 KiB; the usual 16 KiB cost a system call and a TLS record each."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, blocksize=1 << 18, **kwargs)


class ListrakTransport:
    """A pool of connections, for any number of threads.

    Args:
        timeouts: seconds to connect, and between two bytes of the answer.
    """

    def __init__(self, timeouts: tuple[float, float]) -> None:
        self._timeouts = timeouts
        self._session = requests.Session()
        self._session.trust_env = False  # no credentials from a .netrc
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, _LargeBlocks(pool_maxsize=POOL_SIZE, pool_block=True))

    def request(self, method: str, url: str, **values: Any) -> requests.Response:
        """``values``: as for `requests.request`. The errors' texts hold no part of the address, which may name a
        person.

        Raises:
            NotSentError, NoAnswerError
        """
        headers = {"Accept": "application/json", **values.pop("headers", {})}
        try:
            return self._session.request(
                method, url, timeout=self._timeouts, allow_redirects=False, headers=headers, **values
            )
        except requests.ConnectTimeout:
            raise NotSentError("could not connect in time") from None
        except requests.ConnectionError as error:
            if _never_connected(error):
                raise NotSentError("could not connect") from None
            raise NoAnswerError("the connection broke") from None
        except requests.Timeout:
            raise NoAnswerError("no answer in time") from None
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError):
            raise NoAnswerError("the answer broke off") from None


def _never_connected(error: requests.ConnectionError) -> bool:
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, NewConnectionError | NameResolutionError)


def is_passing(status: int) -> bool:
    """Whether a later try may go better: throttled, or a fault on Listrak's side."""
    return status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def retry_after(answer: requests.Response) -> float | None:
    """Seconds. Listrak documents no such header; where one comes it is heeded."""
    text = answer.headers.get("Retry-After", "").strip()
    return min(float(text), LONGEST_RETRY_AFTER_SECONDS) if text.isdecimal() else None


def json_of(answer: requests.Response) -> dict[str, Any] | None:
    """The JSON object in the answer, None if it holds anything else."""
    try:
        value = answer.json()
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def error_code_of(answer: requests.Response) -> str:
    """Listrak's error code from its envelope ``{"status", "error", "message"}``, else the HTTP status in words."""
    code = (json_of(answer) or {}).get("error")
    if isinstance(code, str) and code.replace("_", "").isalnum():
        return code
    return f"HTTP {answer.status_code}"
