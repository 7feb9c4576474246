"""ShortCode, PhoneList and SegmentationField: all of them and one."""

from starlette.requests import Request
from starlette.responses import Response

from listrak_simulator import answers, queries
from listrak_simulator.operations import path_id
from listrak_simulator.simulator import simulator_of
from listrak_simulator.sms_api.operation import (
    SENDER_CODE,
    any_list_of,
    any_sender_code_of,
    not_located,
    operation,
    sender_code_of,
)

_LISTS = f"{SENDER_CODE}/PhoneList"
_FIELDS = f"{SENDER_CODE}/SegmentationField"


async def get_sender_codes(request: Request) -> Response:
    return answers.page([found.describe() for found in simulator_of(request).sms.sender_codes.values()], None)


async def get_sender_code(request: Request) -> Response:
    return answers.resource(any_sender_code_of(request).describe())


async def get_lists(request: Request) -> Response:
    sender_code = sender_code_of(request)
    wants_active = queries.choice(request, "status", ("active", "inactive"), "active") == "active"
    asked = queries.PageRequest.of(request)
    found = [phone_list for phone_list in sender_code.lists.values() if phone_list.active == wants_active]
    end = asked.start + asked.count
    cursor = queries.next_page_cursor(request, end if end < len(found) else None)
    return answers.page([phone_list.describe() for phone_list in found[asked.start : end]], cursor)


async def get_list(request: Request) -> Response:
    found = any_list_of(request, sender_code_of(request)).describe()
    form = simulator_of(request).settings.sms_one_list_form
    if form == "schema":
        return answers.json_answer(found)
    return answers.collection([found]) if form == "sample" else answers.resource(found)


async def get_fields(request: Request) -> Response:
    sender_code_of(request)
    return answers.collection([field.describe() for field in simulator_of(request).sms.fields.values()])


async def get_field(request: Request) -> Response:
    sender_code_of(request)
    found = simulator_of(request).sms.fields.get(path_id(request, "segmentationFieldId"))
    if found is None:
        raise not_located(request)
    return answers.resource(found.describe())


routes = [
    operation("GET", "/v1/ShortCode", get_sender_codes),
    operation("GET", SENDER_CODE, get_sender_code),
    operation("GET", _LISTS, get_lists),
    operation("GET", f"{_LISTS}/{{phoneListId}}", get_list),
    operation("GET", _FIELDS, get_fields),
    operation("GET", f"{_FIELDS}/{{segmentationFieldId}}", get_field),
]
