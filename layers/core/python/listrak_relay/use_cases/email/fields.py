"""Finds the list and its profile fields by name, and makes the group and fields that are missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace

from listrak_relay.domain.delivery.email_plan import EmailPlan
from listrak_relay.domain.delivery.plans import Stage, TargetField
from listrak_relay.domain.run.manifest import Action, EmailManifest, FieldType, ProfileColumn
from listrak_relay.domain.values.names import SHOWN_NAMES, same_name_key, shown
from listrak_relay.errors import ConfigurationError, OutcomeUnknownError, RelayError, RetryableError
from listrak_relay.ports.listrak_email import EmailGateway, ListrakList, ProfileField, ProfileFieldGroup

CHECKBOX_LENGTH = 3
"""Characters: "off" is the longest value."""


@dataclass(frozen=True, slots=True)
class FoundFields:
    """``audience_existed``: the audience's field was there before, so it may have members."""

    plan: EmailPlan
    audience_existed: bool


@dataclass(slots=True)
class _Making:
    """What the run makes. ``keep`` puts a plan into the ledger, or raises: another delivery has taken over."""

    plan: EmailPlan
    keep: Callable[[EmailPlan], object]

    def group(self, name: str) -> AbstractContextManager[None]:
        return self._noted(replace(self.plan, group_made=name))

    def field(self, name: str) -> AbstractContextManager[None]:
        known = name in self.plan.fields_made
        return self._noted(self.plan if known else replace(self.plan, fields_made=(*self.plan.fields_made, name)))

    @contextmanager
    def _noted(self, plan: EmailPlan) -> Iterator[None]:
        before, self.plan = self.plan, plan
        self.keep(plan)
        try:
            yield
        except OutcomeUnknownError:
            raise
        except RelayError:
            # It is known not to have been made.
            self.plan = before
            self.keep(before)
            raise


def find_fields(
    gateway: EmailGateway,
    manifest: EmailManifest,
    begun: EmailPlan | None,
    keep: Callable[[EmailPlan], object],
) -> FoundFields:
    """Look up, and make what is missing. ``begun``: the plan of an attempt that did not come to its end, in the stage
    MAKING. ``keep``: called before each change, with the plan so far.

    Raises:
        ConfigurationError: no such list (the known ones are named), or the audience's field has another type.
        RetryableError: among others when a creation got no answer: looking up again shows whether it took effect.
    """
    list_id = find_list(gateway.lists(), manifest.destination.list_name).list_id
    if all(chunk.action is Action.UNSUBSCRIBE for chunk in manifest.chunks):
        return FoundFields(EmailPlan(Stage.READY, list_id), audience_existed=False)
    try:
        making = _Making(begun or EmailPlan(Stage.MAKING, list_id), keep)
        return _plan_all(gateway, manifest, list_id, making)
    except OutcomeUnknownError as error:
        raise RetryableError(f"a profile field may or may not have been made: {error}", retry_after=2) from error


def _plan_all(gateway: EmailGateway, manifest: EmailManifest, list_id: int, making: _Making) -> FoundFields:
    group, others, made = _find_or_make_group(gateway, list_id, manifest.destination.profile_field_group, making)
    # Reads may not show a new group yet, and it has no fields to read.
    own = [] if made else gateway.fields(list_id, group.group_id)
    by_name: dict[str, ProfileField] = {}
    if manifest.columns:
        for other in others:
            by_name |= {same_name_key(f.name): f for f in gateway.fields(list_id, other.group_id)}
    by_name |= {same_name_key(f.name): f for f in own}
    position = max((f.position for f in own), default=0)

    audience = next((f for f in own if same_name_key(f.name) == same_name_key(manifest.audience)), None)
    if audience and audience.data_type.casefold() != FieldType.CHECKBOX.value.casefold():
        raise ConfigurationError(
            "audience_field_type",
            f"the profile field {shown(repr(manifest.audience), 'of the audience')} in the group '{group.name}' is of "
            f"type {audience.data_type}, not CheckBox, so it cannot mark an audience; drop the file under another "
            "audience name or rename the field in Listrak",
        )
    existed = audience is not None
    if audience is None:
        position += 1
        with making.field(shown(manifest.audience, "the audience's own")):
            field_id = gateway.create_field(
                list_id, group.group_id, manifest.audience, FieldType.CHECKBOX.value, CHECKBOX_LENGTH, position
            )
    else:
        field_id = audience.field_id

    targets = []
    for place, column in enumerate(manifest.columns, 1):
        field = by_name.get(same_name_key(column.name))
        if field is None:
            position += 1
            with making.field(shown(column.name, f"profile column {place} (name not told here)")):
                targets.append(_make_field(gateway, list_id, group.group_id, column, position))
        else:
            targets.append(TargetField(field.field_id, field.data_type, field.max_length))
    plan = EmailPlan(
        Stage.READY,
        list_id,
        group.group_id,
        field_id,
        tuple(targets),
        group_made=making.plan.group_made,
        fields_made=making.plan.fields_made,
    )
    return FoundFields(plan, existed)


def find_list(lists: list[ListrakList], name: str) -> ListrakList:
    matches = [x for x in lists if x.name == name] or [x for x in lists if x.name.strip().casefold() == name.casefold()]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise ConfigurationError(
            "list_ambiguous", f"Listrak has {len(matches)} lists named '{name}'; rename one, or send to another list"
        )
    known = ", ".join(f"'{x.name}'" for x in sorted(lists, key=lambda x: x.name)[:SHOWN_NAMES]) or "none"
    raise ConfigurationError(
        "list_unknown",
        f"Listrak has no list named '{name}'; the key 'list' of the destination must be one of: {known}. Mend it in "
        "config/destinations.yaml and drop the file again, since this run keeps the settings with which it began; or "
        "make the list in Listrak and return the batches from the dead-letter queue",
    )


def _find_or_make_group(
    gateway: EmailGateway, list_id: int, name: str, making: _Making
) -> tuple[ProfileFieldGroup, list[ProfileFieldGroup], bool]:
    """The group, the list's other ones, and whether it was made now."""
    groups = gateway.groups(list_id)
    for group in groups:
        if same_name_key(group.name) == same_name_key(name):
            return group, [g for g in groups if g is not group], False
    position = max((g.position for g in groups), default=0) + 1
    with making.group(name):
        group_id = gateway.create_group(list_id, name, position)
    return ProfileFieldGroup(group_id, name, position), groups, True


def _make_field(
    gateway: EmailGateway, list_id: int, group_id: int, column: ProfileColumn, position: int
) -> TargetField:
    data_type = column.data_type.value
    field_id = gateway.create_field(list_id, group_id, column.name, data_type, column.max_length, position)
    return TargetField(field_id, data_type, column.max_length)
