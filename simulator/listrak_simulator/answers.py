"""The published envelopes."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from starlette.responses import Response

from listrak_simulator.errors import ApiError


def json_answer(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(orjson.dumps(body), status, headers, media_type="application/json")


def resource(data: Mapping[str, Any]) -> Response:
    return json_answer({"status": 200, "data": data})


def collection(data: Sequence[Mapping[str, Any]]) -> Response:
    return json_answer({"status": 200, "data": data})


def page(data: Sequence[Mapping[str, Any]], next_page_cursor: str | None) -> Response:
    return json_answer({"status": 200, "nextPageCursor": next_page_cursor, "data": data})


def created(resource_id: object) -> Response:
    return json_answer({"status": 201, "resourceId": str(resource_id)}, 201)


def accepted(resource_id: object) -> Response:
    """Listrak's sample for 202 holds 201 in its body, so both numbers are kept apart here too."""
    return json_answer({"status": 201, "resourceId": str(resource_id)}, 202)


def updated(resource_id: object) -> Response:
    return json_answer({"status": 200, "resourceId": str(resource_id)})


def deleted() -> Response:
    return json_answer({"status": 200})


def error(fault: ApiError, headers: Mapping[str, str] | None = None) -> Response:
    return json_answer({"status": fault.status, "error": fault.code, "message": fault.message}, fault.status, headers)
