"""What a caller asks an import to do: the published ImportContactFile, checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from listrak_simulator import bodies, errors
from listrak_simulator.email_api.import_request import MappedField
from listrak_simulator.sms_api.account import ProfileField
from listrak_simulator.sms_api.profile_values import require_fitting, require_usable

_IMPORT_TYPES = ("UpdateSubscribers",)
_COLUMN_TYPES = ("Phone", "SegmentationField")
_QUALIFIERS = ("'", '"', "")


@dataclass(frozen=True)
class ImportRequest:
    file_name: str
    delimiter: str
    qualifier: str | None
    has_column_names: bool
    phone_column: int
    fields: tuple[MappedField, ...]

    @property
    def width(self) -> int:
        return 1 + max(self.phone_column, *(field.column for field in self.fields), 0)

    @classmethod
    def parse(cls, document: dict[str, Any], known: Mapping[int, ProfileField], delimiter: str) -> "ImportRequest":
        """Raises ApiError: ERROR_INVALID_PARAMETER naming the property, or the profile field's own code."""
        file_name = bodies.required_text(document, "fileName")
        bodies.required_text(document, "importType", _IMPORT_TYPES)
        if document.get("hasColumnNames") is None:
            raise errors.invalid_parameter("hasColumnNames")
        qualifier = bodies.text(document, "textQualifier")
        if qualifier not in _QUALIFIERS:
            raise errors.invalid_parameter("textQualifier")
        mappings = bodies.required_objects(document, "fileMappings")
        columns = [_parse_mapping(mapping, known) for mapping in mappings]
        phones = [column.column for column in columns if column.field_id == 0]
        fields = tuple(column for column in columns if column.field_id != 0)
        if len(phones) != 1 or len({field.field_id for field in fields}) != len(fields):
            raise errors.invalid_parameter("fileMappings")
        has_column_names = bodies.flag(document, "hasColumnNames")
        return cls(file_name, delimiter, qualifier or None, has_column_names, phones[0], fields)


def _parse_mapping(mapping: dict[str, Any], known: Mapping[int, ProfileField]) -> MappedField:
    """The column of the phone number has field id 0, as published."""
    kind = bodies.required_text(mapping, "fileColumnType", _COLUMN_TYPES)
    column = bodies.required_integer(mapping, "fileColumn")
    field_id = bodies.required_integer(mapping, "segmentationFieldId")
    default = bodies.text(mapping, "defaultValue") or ""
    if kind == "SegmentationField":
        require_fitting(require_usable(known.get(field_id)), default)
    elif field_id != 0:
        raise errors.invalid_parameter("segmentationFieldId")
    return MappedField(column, field_id, default)
