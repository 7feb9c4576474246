"""SegmentationFieldGroup and SegmentationField: all, one, create, and clearing a field's values."""

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from listrak_simulator import answers, bodies, errors
from listrak_simulator.email_api.account import ProfileField, ProfileFieldGroup
from listrak_simulator.email_api.import_work import clear_profile_field
from listrak_simulator.email_api.operation import (
    field_of,
    group_of,
    list_of,
    not_simulated,
    operation,
)
from listrak_simulator.email_api.profile_values import DATA_TYPES
from listrak_simulator.operations import body_of
from listrak_simulator.simulator import field_horizon, simulator_of

_GROUPS = "/v1/List/{listId}/SegmentationFieldGroup"
_GROUP = f"{_GROUPS}/{{segmentationFieldGroupId}}"
_FIELDS = f"{_GROUP}/SegmentationField"
_FIELD = f"{_FIELDS}/{{segmentationFieldId}}"


async def get_groups(request: Request) -> Response:
    groups = list_of(request).groups.values()
    return answers.collection([group.describe() for group in groups if _is_seen(request, group)])


async def get_group(request: Request) -> Response:
    return answers.resource(_seen_group(request).describe())


async def create_group(request: Request) -> Response:
    target = list_of(request)
    document: dict[str, Any] = await body_of(request)
    name = bodies.required_text(document, "segmentationFieldGroupName")
    position = bodies.required_integer(document, "position")
    simulator = simulator_of(request)
    if any(group.name.lower() == name.lower() for group in target.groups.values()):
        raise errors.invalid_parameter("segmentationFieldGroupName")
    if len(target.groups) >= simulator.settings.profile_field_group_limit:
        raise errors.refused(
            "ERROR_SEGMENTATION_FIELD_GROUP_LIMIT_MET",
            "The maximum number of profile field groups has already been created for the list.",
        )
    return answers.created(simulator.email.add_group(target, name, position).group_id)


async def get_fields(request: Request) -> Response:
    fields = _seen_group(request).fields.values()
    return answers.collection([field.describe() for field in fields if _is_seen(request, field)])


async def get_field(request: Request) -> Response:
    field = field_of(request, _seen_group(request))
    if not _is_seen(request, field):
        raise errors.not_located("listId", "segmentationFieldGroupId", "segmentationFieldId")
    return answers.resource(field.describe())


async def create_field(request: Request) -> Response:
    group = group_of(request, list_of(request))
    document: dict[str, Any] = await body_of(request)
    name = bodies.required_text(document, "segmentationFieldName")
    data_type = bodies.required_text(document, "dataType", DATA_TYPES)
    max_length = bodies.required_integer(document, "maxLength", minimum=1)
    position = bodies.required_integer(document, "position")
    if any(field.name.lower() == name.lower() for field in group.fields.values()):
        raise errors.invalid_parameter("segmentationFieldName")
    added = simulator_of(request).email.add_field(group, name, data_type, max_length, position)
    return answers.created(added.field_id)


async def clear_values(request: Request) -> Response:
    target = list_of(request)
    field = field_of(request, group_of(request, target))
    simulator = simulator_of(request)
    job = simulator.email.add_import(target, f"ClearProfileField_{field.field_id}", "ClearProfileField")
    work = partial(clear_profile_field, job, target, field, simulator.settings)
    request.app.state.import_runner.start(job, work, simulator.settings)
    return answers.accepted(job.import_id)


def _seen_group(request: Request) -> ProfileFieldGroup:
    group = group_of(request, list_of(request))
    if not _is_seen(request, group):
        raise errors.not_located("listId", "segmentationFieldGroupId")
    return group


def _is_seen(request: Request, made: ProfileField | ProfileFieldGroup) -> bool:
    return made.created_at <= field_horizon(request)


routes = [
    operation("GET", _GROUPS, get_groups),
    operation("POST", _GROUPS, create_group),
    operation("GET", _GROUP, get_group),
    not_simulated("PUT", _GROUP),
    not_simulated("DELETE", _GROUP),
    operation("GET", _FIELDS, get_fields),
    operation("POST", _FIELDS, create_field),
    operation("GET", _FIELD, get_field),
    not_simulated("PUT", _FIELD),
    not_simulated("DELETE", _FIELD),
    operation("DELETE", f"{_FIELD}/Values", clear_values),
]
