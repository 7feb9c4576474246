"""What every route of the SMS API begins with: the sender code, phone list, number or contact that its path names."""

from starlette.requests import Request

from listrak_simulator import errors
from listrak_simulator.operations import Api, path_id
from listrak_simulator.simulator import contact_horizon, simulator_of
from listrak_simulator.sms_api import phone_numbers
from listrak_simulator.sms_api.account import PhoneList, SenderCode
from listrak_simulator.sms_api.contacts import Contact

operation = Api("/sms", "sms").operation

SENDER_CODE = "/v1/ShortCode/{senderCodeId}"


def any_sender_code_of(request: Request) -> SenderCode:
    """Disabled ones too."""
    found = simulator_of(request).sms.sender_codes.get(path_id(request, "senderCodeId"))
    if found is None:
        raise not_located(request)
    return found


def sender_code_of(request: Request) -> SenderCode:
    """Raises ApiError ERROR_SENDER_CODE_DISABLED, for reads only where the settings say so."""
    found = any_sender_code_of(request)
    if not found.enabled and _is_refused_while_disabled(request):
        raise errors.refused("ERROR_SENDER_CODE_DISABLED", "The sender code is disabled.")
    return found


def any_list_of(request: Request, sender_code: SenderCode) -> PhoneList:
    """Inactive ones too."""
    found = sender_code.lists.get(path_id(request, "phoneListId"))
    if found is None:
        raise _unknown_list(request)
    return found


def list_of(request: Request, sender_code: SenderCode) -> PhoneList:
    """Raises ApiError ERROR_LIST_INACTIVE, for reads only where the settings say so."""
    found = any_list_of(request, sender_code)
    if not found.active and _is_refused_while_disabled(request):
        raise errors.refused("ERROR_LIST_INACTIVE", "The list is inactive.")
    return found


def number_of(request: Request, sender_code: SenderCode) -> str:
    """The number in the path. A plus must be percent-encoded there."""
    if b"+" in request.scope["raw_path"]:
        raise errors.unsafe_route()
    return parse_number(request.path_params["phoneNumber"], sender_code)


def parse_number(text: str, sender_code: SenderCode) -> str:
    number = phone_numbers.parse(text, sender_code.country)
    if number is None:
        raise errors.refused("ERROR_INVALID_PHONE_NUMBER", "The phone number supplied is invalid.")
    return number


def contact_of(request: Request, sender_code: SenderCode) -> Contact:
    """Raises ApiError, see the settings ``sms_located_form`` and ``sms_unknown_number``."""
    settings = simulator_of(request).settings
    number = number_of(request, sender_code)
    found = sender_code.located(request.path_params["phoneNumber"], number, settings.sms_located_form)
    if found is None:
        raise _unknown_number(request)
    return found


def seen_contact_of(request: Request, sender_code: SenderCode) -> Contact:
    """As `contact_of`, for reads, which may not see a new contact yet."""
    found = contact_of(request, sender_code)
    if found.created_at > contact_horizon(request):
        raise _unknown_number(request)
    return found


def _unknown_number(request: Request) -> errors.ApiError:
    if simulator_of(request).settings.sms_unknown_number == "number_not_found":
        return errors.number_not_found()
    return not_located(request)


def not_located(request: Request) -> errors.ApiError:
    """Names every id of the path, as the published samples do, whichever of them is unknown."""
    return errors.not_located(*request.path_params)


def answered_number(request: Request, sender_code: SenderCode, number: str) -> str:
    return phone_numbers.in_form(number, simulator_of(request).settings.sms_number_form, sender_code.country)


def _writes(request: Request) -> bool:
    return request.method != "GET"


def _is_refused_while_disabled(request: Request) -> bool:
    return _writes(request) or not simulator_of(request).settings.sms_reads_while_disabled


def _unknown_list(request: Request) -> errors.ApiError:
    if _writes(request) and simulator_of(request).settings.sms_unknown_list == "invalid_list_id":
        return errors.refused("ERROR_INVALID_LIST_ID", "The list does not exist on the sender code.")
    return not_located(request)
