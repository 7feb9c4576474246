"""Which values a profile field takes. Published are data types and maxLength; the rest is README.md's choice."""

import re
from datetime import datetime

from listrak_simulator import errors
from listrak_simulator.sms_api.account import ProfileField

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_AMERICAN_DATE = re.compile(r"\d{2}/\d{2}/\d{4}", re.ASCII)
_CHECKBOX = {"on", "off"}


def require_usable(field: ProfileField | None) -> ProfileField:
    if field is None:
        raise errors.refused("ERROR_INVALID_SEGMENTATION_FIELD_ID", "The profile field does not exist.")
    if not field.enabled:
        raise errors.refused("ERROR_SEGMENTATION_FIELD_DISABLED", "The profile field is disabled.")
    return field


def require_fitting(field: ProfileField, value: str) -> None:
    """A blank always fits."""
    if field.max_length is not None and len(value) > field.max_length:
        raise errors.refused("ERROR_SEGMENTATION_MAX_LENGTH", "The value is too long for the profile field.")
    if not fits(field, value):
        raise errors.invalid_parameter("segmentationFieldValues")


def fits(field: ProfileField, value: str) -> bool:
    if not value:
        return True
    if field.max_length is not None and len(value) > field.max_length:
        return False
    if field.data_type == "Number":
        return _NUMBER.fullmatch(value) is not None
    if field.data_type == "Checkbox":
        return value in _CHECKBOX
    return field.data_type != "Date" or _is_american_date(value)


def _is_american_date(value: str) -> bool:
    if not _AMERICAN_DATE.fullmatch(value):
        return False
    try:
        datetime.strptime(value, "%m/%d/%Y")  # noqa: DTZ007  a date has no zone
    except ValueError:
        return False
    return True
