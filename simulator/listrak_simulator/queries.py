"""Reading query parameters as the published document types them: every value arrives as text."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request

from listrak_simulator import clock, errors
from listrak_simulator.simulator import simulator_of

DEFAULT_PAGE = 1000
LARGEST_PAGE = 5000
_DATE_ALONE = len("2026-01-31")
_LAST_SECOND_OF_A_DAY = 86_399


@dataclass(frozen=True)
class PageRequest:
    start: int
    """Position of the first member; 0 for the cursor ``Start``."""

    count: int

    @classmethod
    def of(cls, request: Request) -> "PageRequest":
        query = request.query_params
        count = query.get("count", str(DEFAULT_PAGE))
        if not count.isascii() or not count.isdigit() or not 1 <= int(count) <= LARGEST_PAGE:
            raise errors.invalid_parameter("count")
        return cls(_read_cursor(query.get("cursor", "Start")), int(count))


def next_page_cursor(request: Request, position: int | None) -> str | None:
    """An opaque cursor for the page that starts at ``position``, in the form that the settings ask for."""
    if position is None:
        return None
    cursor = base64.urlsafe_b64encode(f"from:{position}".encode()).decode()
    if simulator_of(request).settings.next_page_cursor == "uri":
        return str(request.url.include_query_params(cursor=cursor))
    return cursor


def _read_cursor(cursor: str) -> int:
    if cursor == "Start":
        return 0
    try:
        prefix, _, position = base64.urlsafe_b64decode(cursor.encode()).decode().partition(":")
    except (binascii.Error, ValueError) as error:
        raise errors.invalid_parameter("cursor") from error
    if prefix != "from" or not position.isdigit():
        raise errors.invalid_parameter("cursor")
    return int(position)


def choice(request: Request, name: str, choices: Sequence[str], default: str) -> str:
    value = request.query_params.get(name, default)
    if value not in choices:
        raise errors.invalid_parameter(name)
    return value


def flag(request: Request, name: str, *, default: bool) -> bool:
    value = request.query_params.get(name)
    if value is None:
        return default
    word = value.lower() if simulator_of(request).settings.query_booleans == "any_case" else value
    if word not in {"true", "false"}:
        raise errors.invalid_parameter(name)
    return word == "true"


def identifiers(request: Request, name: str) -> list[int]:
    """A comma-separated list of ids."""
    value = request.query_params.get(name, "")
    if not value:
        return []
    ids = [part.strip() for part in value.split(",")]
    if not all(part.isascii() and part.isdigit() for part in ids):
        raise errors.invalid_parameter(name)
    return [int(part) for part in ids]


def date_range(
    request: Request, start_name: str = "startDate", end_name: str = "endDate"
) -> tuple[float | None, float | None]:
    """Two dates in seconds since the epoch, both inclusive; a date alone means the whole day."""
    start, end = (_moment(request, name) for name in (start_name, end_name))
    if end is not None and len(request.query_params[end_name]) == _DATE_ALONE:
        end += _LAST_SECOND_OF_A_DAY
    return start, end


def _moment(request: Request, name: str) -> float | None:
    value = request.query_params.get(name)
    if value is None:
        return None
    try:
        return clock.from_api_date(value)
    except ValueError as error:
        raise errors.invalid_parameter(name) from error
