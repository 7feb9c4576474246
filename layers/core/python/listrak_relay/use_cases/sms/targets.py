"""Finds sender code, phone list and profile fields by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from listrak_relay.domain.delivery.plans import Stage, TargetField
from listrak_relay.domain.delivery.sms_plan import SmsPlan
from listrak_relay.domain.destinations.choices import MissingProfileFields
from listrak_relay.domain.destinations.data_template import ColumnRole
from listrak_relay.domain.destinations.destinations import SmsDestination
from listrak_relay.domain.run.manifest import Action, ProfileColumn, SmsManifest
from listrak_relay.domain.values.names import SHOWN_NAMES, same_name_key
from listrak_relay.errors import ConfigurationError
from listrak_relay.ports.listrak_sms import PhoneList, SenderCode, SmsField, SmsGateway

_SHARES_CODE_1 = "US"

T = TypeVar("T")


def find_targets(gateway: SmsGateway, manifest: SmsManifest) -> SmsPlan:
    """A plan in the stage GUARD: nobody's standing is known yet.

    Raises:
        ConfigurationError: nothing of that name, more than one, or it cannot be used; the known ones are named.
    """
    destination = manifest.destination
    sender, phone_list = find_phone_list(gateway, destination)
    if destination.region is None and sender.country and sender.country.upper() != _SHARES_CODE_1:
        raise ConfigurationError(
            "region_missing",
            f"sender code {sender.code} is of {sender.country}, but the destination says nothing of its region, so the "
            f"file's numbers were read as US ones; set region: {sender.country} and drop the file again",
        )
    columns: tuple[TargetField | None, ...] = tuple(None for _ in manifest.columns)
    left_out: tuple[str, ...] = ()
    if any(chunk.action is not Action.UNSUBSCRIBE for chunk in manifest.chunks) and manifest.columns:
        columns, left_out = _find_fields(gateway, sender, manifest)
    return SmsPlan(
        Stage.GUARD,
        sender.sender_code_id,
        phone_list.list_id,
        country=sender.country,
        confirms=phone_list.confirms,
        fields=columns,
        columns_left_out=left_out,
    )


def find_phone_list(gateway: SmsGateway, destination: SmsDestination) -> tuple[SenderCode, PhoneList]:
    """Those that the destination names.

    Raises:
        ConfigurationError: as `find_targets`.
    """
    sender = find_sender_code(gateway.sender_codes(), destination.sender_code)
    return sender, phone_list_of(gateway.phone_lists(sender.sender_code_id), destination.list_name, sender)


def find_sender_code(codes: Sequence[SenderCode], wanted: str | None) -> SenderCode:
    """By code or name; the only one where none is wanted. Raises ConfigurationError: as `find_targets`."""
    known = _known([f"'{c.code}'" + (f" ({c.name})" if c.name else "") for c in codes])
    if wanted is None:
        if len(codes) == 1:
            return codes[0]
        raise ConfigurationError(
            "sender_code_missing",
            f"the account has {len(codes)} sender codes, so the key 'sender_code' of the destination must name one: "
            f"{known}",
        )
    matches = _named(codes, wanted, lambda c: c.code) or _named(codes, wanted, lambda c: c.name)
    return _only(matches, "sender_code", f"Listrak has no sender code '{wanted}'; there are: {known}")


def phone_list_of(lists: Sequence[PhoneList], wanted: str, sender: SenderCode) -> PhoneList:
    """The active one of this name. Raises ConfigurationError: as `find_targets`."""
    known = _known([f"'{each.name}'" for each in lists if each.active])
    found = _only(
        _named([each for each in lists if each.active], wanted, lambda each: each.name)
        or _named(lists, wanted, lambda each: each.name),
        "list",
        f"sender code {sender.code} has no phone list named '{wanted}'; the key 'list' of the destination must be one "
        f"of: {known}",
    )
    if not found.active:
        raise ConfigurationError(
            "list_inactive",
            f"the phone list '{found.name}' of sender code {sender.code} is inactive, so nothing was sent; activate it "
            f"in Listrak, or name an active one: {known}",
        )
    return found


def _find_fields(
    gateway: SmsGateway, sender: SenderCode, manifest: SmsManifest
) -> tuple[tuple[TargetField | None, ...], tuple[str, ...]]:
    by_name = {same_name_key(f.name): f for f in gateway.fields(sender.sender_code_id) if f.enabled}
    found = [_target(column, by_name) for column in manifest.columns]
    missing = tuple(
        column.name
        for column, target in zip(manifest.columns, found, strict=True)
        if column.role is ColumnRole.FIELD and target is None
    )
    if missing and manifest.destination.missing_profile_fields is MissingProfileFields.ERROR:
        named = _known([f"'{name}'" for name in missing])
        raise ConfigurationError(
            "profile_field_missing",
            f"Listrak has no SMS profile field for {named}, and none can be made by its API, so nothing was sent. Add "
            "the fields in Listrak and return the batches from the dead-letter queue, or leave the columns out with "
            "missing_profile_fields: warn or the role ignore",
        )
    return tuple(found), missing


def _target(column: ProfileColumn, by_name: dict[str, SmsField]) -> TargetField | None:
    if column.role is ColumnRole.BIRTHDAY:
        return TargetField(0, "Date", 0)
    if column.role is not ColumnRole.FIELD:
        return None
    field = by_name.get(same_name_key(column.name))
    return TargetField(field.field_id, field.data_type, field.max_length) if field else None


def _named(things: Sequence[T], wanted: str, name: Callable[[T], str]) -> list[T]:
    exact = [thing for thing in things if name(thing) == wanted]
    return exact or [thing for thing in things if name(thing).strip().casefold() == wanted.strip().casefold()]


def _only(found: Sequence[T], key: str, absent: str) -> T:
    if len(found) > 1:
        raise ConfigurationError(
            f"{key}_ambiguous", f"Listrak has {len(found)} things of the name in '{key}'; rename one of them there"
        )
    if not found:
        raise ConfigurationError(f"{key}_unknown", absent)
    return found[0]


def _known(names: Sequence[str]) -> str:
    return ", ".join(sorted(names)[:SHOWN_NAMES]) or "none"
