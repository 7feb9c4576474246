"""What is known of one profile column, and the SQL of its value as read and as written."""

from __future__ import annotations

from dataclasses import dataclass

from listrak_relay.adapters.duckdb.sql.expressions import cleaned, column, literal, trimmed
from listrak_relay.adapters.duckdb.sql.rules import american_date, plain_number
from listrak_relay.domain.columns.field_types import DATE_LENGTH, default_length, is_identifier_name
from listrak_relay.domain.columns.file_columns import Column
from listrak_relay.domain.columns.tally import Tally
from listrak_relay.domain.reading.range_types import Agreed
from listrak_relay.domain.run.manifest import CLEARED, FieldType, Form, ProfileColumn
from listrak_relay.domain.values.dates import DateOrder

_DECLARED = {"text": FieldType.TEXT, "numeric": FieldType.NUMERIC, "date": FieldType.DATE}


@dataclass(slots=True)
class ProfileField:
    """What is known of one profile column so far. ``value``: SQL for its clean value, NULL when blank. ``candidates``:
    types in whose own form every value is that was looked at."""

    column: Column
    value: str
    candidates: list[FieldType]
    declared: FieldType | None
    agreed: Agreed | None = None
    longest: int = 0
    values: int = 0
    iso_days: int = 0
    month_first: int = 0
    counted: Tally | None = None

    @property
    def tally(self) -> Tally:
        if self.counted:
            return self.counted
        count = self.values
        if count and FieldType.NUMERIC in self.candidates:
            return Tally(count, numbers=count, plain_numbers=count, of_numbers=count)
        if count and FieldType.DATE in self.candidates:
            slashed = count - self.iso_days
            return Tally(
                count,
                days=count,
                iso_days=self.iso_days,
                american_days=slashed,
                slashed=slashed,
                month_first=self.month_first,
            )
        return Tally(count)

    @property
    def data_type(self) -> FieldType:
        """Text where there is no value to tell by."""
        if self.declared or self.agreed:
            return self.declared or self.agreed.data_type  # type: ignore[union-attr]
        return self.tally.data_type(identifier=is_identifier_name(self.column.field))

    @property
    def form(self) -> Form:
        if self.declared:
            return Form.OWN
        return self.agreed.form if self.agreed else self.tally.form(self.data_type)

    @property
    def date_order(self) -> DateOrder:
        if self.declared:
            return DateOrder.USUAL
        return self.agreed.date_order if self.agreed else self.tally.date_order

    @property
    def date_format(self) -> str | None:
        return self.column.rule.date_format if self.column.rule else None


def profile_field(source: Column, *, unclean: bool) -> ProfileField:
    """``unclean``: the value is to be cleaned, not taken as it is."""
    name = column(source.index)
    field = ProfileField(source, "", [], _DECLARED.get(source.value_type or ""))
    read_as(field, f"nullif({cleaned(name)}, '')" if unclean else name)
    return field


def read_as(field: ProfileField, value: str) -> None:
    """Take ``value``, SQL, for the field's value, of which nothing is known yet."""
    clearing = is_cleared(field.column)
    field.value = f"CASE WHEN {clearing} THEN NULL ELSE {value} END" if clearing else value
    field.candidates = _candidates(field)


def _candidates(field: ProfileField) -> list[FieldType]:
    if field.declared:
        return []
    return [FieldType.DATE] if is_identifier_name(field.column.field) else [FieldType.NUMERIC, FieldType.DATE]


def is_cleared(source: Column) -> str | None:
    """SQL for whether a value is the word that takes the value at Listrak away; None where no word does."""
    word = source.rule.clear_word if source.rule else None
    return word and f"coalesce({trimmed(column(source.index))} = {literal(word)}, false)"


def written(field: ProfileField, zone: str) -> str:
    written = _written_value(field, zone)
    clearing = is_cleared(field.column)
    return f"CASE WHEN {clearing} THEN {literal(CLEARED)} ELSE {written} END" if clearing else written


def _written_value(field: ProfileField, zone: str) -> str:
    if field.declared is FieldType.NUMERIC:
        return plain_number(field.value)
    if field.form is Form.FROM_ISO:
        # Every value is such a day, of which this is the quickest way to write another.
        return f"strftime(CAST({field.value} AS DATE), '%m/%d/%Y')"
    if field.declared is FieldType.DATE:
        return american_date(field.value, field.date_format, zone)
    return field.value


def profile_column(field: ProfileField, max_text_length: int) -> ProfileColumn:
    rule = field.column.rule
    in_own_form = field.data_type is FieldType.DATE and field.form is not Form.AS_DROPPED
    return ProfileColumn(
        name=field.column.field,
        data_type=field.data_type,
        longest=DATE_LENGTH if in_own_form and field.longest else field.longest,
        max_length=(rule.max_length if rule else None) or default_length(field.data_type, max_text_length),
        declared=field.declared is not None,
        role=field.column.role,
        form=field.form,
        date_order=field.date_order,
    )
