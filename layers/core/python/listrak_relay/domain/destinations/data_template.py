"""What the columns of a dropped file mean, where the configuration says it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum


class ColumnRole(StrEnum):
    """What a column of the dropped file means. FIELD: it becomes a profile field.

    The address of the channel is the contact key: EMAIL for email, PHONE for SMS. For SMS, EMAIL and the four after
    PHONE are facts that Listrak keeps of every contact outside its profile fields.
    """

    EMAIL = "email"
    PHONE = "phone"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    BIRTHDAY = "birthday"
    POSTAL_CODE = "postal_code"
    OPT_IN = "opt_in"
    OPT_OUT = "opt_out"
    FIELD = "field"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """What a data template says of one column.

    ``field``: profile field name, None = the column's own. ``type``: ``text``, ``numeric``, ``date``, None = inferred.
    ``date_format``: a strptime format such as ``%d.%m.%Y``. ``max_length`` in characters, None = the destination's.
    ``clear_word``: a value of this text takes the value at Listrak away. ``by_name``: it says neither role nor field,
    so a column that tells consent by its name tells it.
    ``values``: for a feed, texts of the file in lower case, each with what is sent instead; empty for no value.
    """

    role: ColumnRole
    field: str | None = None
    type: str | None = None
    date_format: str | None = None
    max_length: int | None = None
    clear_word: str | None = None
    values: tuple[tuple[str, str], ...] = ()
    by_name: bool = dataclasses.field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class DataTemplate:
    """Maps columns of a dropped file, found by name without regard to case, spaces, underscores and hyphens."""

    name: str
    columns: dict[str, ColumnRule]

    @property
    def clears(self) -> bool:
        """Whether a value of its columns can take one at Listrak away."""
        return any(rule.clear_word is not None for rule in self.columns.values())

    @property
    def translates(self) -> bool:
        """Whether values of its columns are sent in other words."""
        return any(rule.values for rule in self.columns.values())
