"""What a caller asks an import to do: the published ImportFile, checked."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from listrak_simulator import bodies, errors

IMPORT_TYPES = ("AddSubscribers", "AddSubscribersAndSegmentationData", "RemoveSubscribers", "UpdateSubscribers")
UPDATE_TYPES = ("Update", "Append", "Overwrite")
_COLUMN_TYPES = ("Email", "SegmentationField", "Event", "ExternalContactID")


@dataclass(frozen=True)
class MappedField:
    """A column of the file that fills a profile field."""

    column: int
    field_id: int
    default: str


@dataclass(frozen=True)
class ImportRequest:
    file_name: str
    import_type: str
    update_type: str
    delimiter: str
    qualifier: str | None
    has_column_names: bool
    include_unsubscribed: bool
    email_column: int
    external_id_column: int | None
    fields: tuple[MappedField, ...]

    @property
    def width(self) -> int:
        """Columns that a row needs to hold every mapped one."""
        mapped = [field.column for field in self.fields]
        return 1 + max(self.email_column, self.external_id_column or 0, *mapped)

    @classmethod
    def parse(cls, document: dict[str, Any], known_field_ids: Collection[int]) -> "ImportRequest":
        """Raises ApiError ERROR_INVALID_PARAMETER naming the property."""
        bodies.flag(document, "suppressEmailNotifications")
        bodies.flag(document, "triggerJourney")
        mappings = bodies.required_objects(document, "fileMappings")
        columns = [_parse_mapping(mapping, known_field_ids) for mapping in mappings]
        fields = tuple(field for kind, field in columns if kind == "SegmentationField")
        if len({field.field_id for field in fields}) != len(fields):
            raise errors.invalid_parameter("fileMappings")
        emails, external_ids = (
            [field.column for kind, field in columns if kind == wanted] for wanted in ("Email", "ExternalContactID")
        )
        if len(emails) != 1 or len(external_ids) > 1:
            raise errors.invalid_parameter("fileMappings")
        return cls(
            file_name=bodies.required_text(document, "fileName"),
            import_type=bodies.required_text(document, "importType", IMPORT_TYPES),
            update_type=bodies.required_text(document, "segmentationImportType", UPDATE_TYPES),
            delimiter=_parse_delimiter(document),
            qualifier=_parse_qualifier(document),
            has_column_names=bodies.flag(document, "hasColumnNames"),
            include_unsubscribed=bodies.flag(document, "includeUnsubscribed"),
            email_column=emails[0],
            external_id_column=external_ids[0] if external_ids else None,
            fields=fields,
        )


def _parse_mapping(mapping: dict[str, Any], known_field_ids: Collection[int]) -> tuple[str, MappedField]:
    kind = bodies.required_text(mapping, "fileColumnType", _COLUMN_TYPES)
    column = bodies.required_integer(mapping, "fileColumn")
    field_id = bodies.integer(mapping, "segmentationFieldId") or 0
    if kind == "SegmentationField" and field_id not in known_field_ids:
        raise errors.invalid_parameter("segmentationFieldId")
    return kind, MappedField(column, field_id, bodies.text(mapping, "defaultValue") or "")


def _parse_delimiter(document: dict[str, Any]) -> str:
    delimiter = bodies.text(document, "fileDelimiter")
    if delimiter is None or len(delimiter) != 1 or delimiter in "\r\n":
        raise errors.invalid_parameter("fileDelimiter")
    return delimiter


def _parse_qualifier(document: dict[str, Any]) -> str | None:
    qualifier = bodies.text(document, "textQualifier") or None
    if qualifier is not None and (len(qualifier) != 1 or qualifier == document.get("fileDelimiter")):
        raise errors.invalid_parameter("textQualifier")
    return qualifier
