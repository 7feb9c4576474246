"""Reading request bodies and checking their properties one by one."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, cast

import orjson
from starlette.requests import Request

from listrak_simulator import errors

JSON = "application/json"
_LARGEST_INT32 = 2_147_483_647


def require_content_type(request: Request, expected: str) -> None:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != expected:
        raise errors.unsupported_content_type(expected)


async def chunks(request: Request, limit: int) -> AsyncIterator[bytes]:
    """The body piece by piece.

    Raises:
        ApiError: 404 as soon as the body is known to be longer than ``limit`` bytes.
    """
    if int(request.headers.get("content-length", 0)) > limit:
        raise errors.unknown_route()
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > limit:
            raise errors.unknown_route()
        yield chunk


async def read(request: Request, limit: int) -> bytes:
    return b"".join([chunk async for chunk in chunks(request, limit)])


def parse_object(body: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise errors.malformed_body() from error
    if not isinstance(document, dict):
        raise errors.malformed_body()
    return cast("dict[str, Any]", document)


def text(document: dict[str, Any], name: str, choices: Sequence[str] = ()) -> str | None:
    """The property, or None when it is missing or null; ApiError unless it is a string and one of ``choices``."""
    value = document.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or (choices and value not in choices):
        raise errors.invalid_parameter(name)
    return value


def required_text(document: dict[str, Any], name: str, choices: Sequence[str] = ()) -> str:
    value = text(document, name, choices)
    if value is None or not value.strip():
        raise errors.invalid_parameter(name)
    return value


def integer(document: dict[str, Any], name: str) -> int | None:
    value = document.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST_INT32:
        raise errors.invalid_parameter(name)
    return value


def required_integer(document: dict[str, Any], name: str, minimum: int = 0) -> int:
    value = integer(document, name)
    if value is None or value < minimum:
        raise errors.invalid_parameter(name)
    return value


def flag(document: dict[str, Any], name: str) -> bool:
    value = document.get(name, False)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise errors.invalid_parameter(name)
    return value


def required_objects(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = document.get(name)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise errors.invalid_parameter(name)
    return value
