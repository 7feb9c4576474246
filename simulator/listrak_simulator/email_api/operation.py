"""What every route of the Email API begins with: the list, group, field or import that its path names."""

from starlette.requests import Request

from listrak_simulator import errors
from listrak_simulator.email_api.account import EmailList, ProfileField, ProfileFieldGroup
from listrak_simulator.email_api.imports import ListImport
from listrak_simulator.operations import Api, path_id
from listrak_simulator.simulator import import_horizon, simulator_of

_API = Api("/email", "email")
operation, not_simulated = _API.operation, _API.not_simulated


def list_of(request: Request) -> EmailList:
    found = simulator_of(request).email.lists.get(path_id(request, "listId"))
    if found is None:
        raise errors.not_located("listId")
    return found


def group_of(request: Request, target: EmailList) -> ProfileFieldGroup:
    found = target.groups.get(path_id(request, "segmentationFieldGroupId"))
    if found is None:
        raise errors.not_located("listId", "segmentationFieldGroupId")
    return found


def field_of(request: Request, group: ProfileFieldGroup) -> ProfileField:
    found = group.fields.get(path_id(request, "segmentationFieldId"))
    if found is None:
        raise errors.not_located("listId", "segmentationFieldGroupId", "segmentationFieldId")
    return found


def import_of(request: Request) -> ListImport:
    found = list_of(request).imports.get(path_id(request, "importFileId"))
    if found is None or found.created_at > import_horizon(request):
        raise errors.not_located("listId", "importFileId")
    return found
