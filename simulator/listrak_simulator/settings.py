"""What a test may change about the simulator while it runs."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args, get_origin, get_type_hints

from listrak_simulator.email_api.settings import EmailSettings
from listrak_simulator.sms_api.settings import SmsSettings


@dataclass(frozen=True)
class Settings(EmailSettings, SmsSettings):
    """Each can be set by ``PUT /control/settings`` or a seed file's ``settings``."""

    latency_ms: float = 0
    """The least time that an answer of the vendor's routes takes."""

    rate_limit_per_second: int = 0
    """Calls of one integration type that are taken within a second; the others are answered 429. 0: all."""

    rate_limit_retry_after: int = 0
    """Seconds that such an answer's ``Retry-After`` says; 0: it has none."""

    contact_lag_seconds: float = 0
    """After which reads show what became of a contact, of either API. Whatever changes it knows at once."""

    opt_out_lag_seconds: float = 0
    """After which reads show that a number opted out, or that its opt-out was lifted."""

    field_lag_seconds: float = 0
    """After which reads show a new profile field or group."""

    import_lag_seconds: float = 0
    """After which reads show an import; before, it is not found."""

    forget_seconds: float = 0
    """From a request to forget a person to its end."""

    import_processing_seconds: float = 0.5
    """From the call that starts an import to its end, however few rows it has."""

    failing_imports: bool = False
    """Imports end as failed and change nothing."""

    token_lifetime_seconds: int = 3599
    """``expires_in`` of tokens issued from now on."""

    profile_field_group_limit: int = 100
    """Groups per list. Listrak has a limit and does not publish it."""

    body_limit_bytes: int = 262_144_000
    """Longer request bodies get 404."""

    next_page_cursor: Literal["value", "uri"] = "value"
    """``value``: the cursor itself; ``uri``: the address of the next page. Listrak's text allows both readings."""

    trailing_slash: Literal["taken", "unknown_route"] = "taken"
    """A slash at the end of a path: as if it were not there, or 404 ERROR_UNKNOWN_ROUTE."""

    query_booleans: Literal["any_case", "lower_case"] = "any_case"
    """``True`` and ``FALSE`` in a query: as ``true`` and ``false``, or ERROR_INVALID_PARAMETER."""

    def changed(self, changes: Mapping[str, Any]) -> "Settings":
        """A copy with ``changes`` made.

        Raises:
            ValueError: an unknown name or a value of the wrong type; the message says which and what is known.
        """
        kinds = get_type_hints(Settings)
        for name, value in changes.items():
            if name not in kinds:
                known = ", ".join(sorted(field.name for field in fields(Settings)))
                raise ValueError(f"unknown setting {name!r}; the known ones are {known}")
            if not _fits(value, kinds[name]):
                raise ValueError(f"setting {name!r} must be {_wording(kinds[name])}, not {value!r}")
            words = getattr(Settings, name).count(",") + 1 if name.endswith("_words") else 0
            if words and value.count(",") + 1 != words:
                raise ValueError(f"setting {name!r} must have {words} words separated by commas, not {value!r}")
        return replace(self, **changes)


def _wording(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return " or ".join(map(repr, get_args(kind)))
    return f"a {kind.__name__}"


def _fits(value: object, kind: Any) -> bool:
    if get_origin(kind) is Literal:
        return value in get_args(kind)
    if kind is bool or isinstance(value, bool):
        return kind is bool and isinstance(value, bool)
    if kind is float:
        return isinstance(value, int | float) and value >= 0
    if kind is int:
        return isinstance(value, int) and value >= 0
    return isinstance(value, str)
