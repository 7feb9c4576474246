"""A file beside the list that it would go to, by reading only."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from cli.errors import CommandError
from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.domain.destinations.destinations import EmailDestination
from listrak_relay.domain.run.manifest import AUDIENCE_MARK, Action
from listrak_relay.domain.values.names import same_name_key
from listrak_relay.ports.listrak_email import EmailGateway, ProfileField
from listrak_relay.ports.reading import IngestedAudience
from listrak_relay.wiring.operating import email_gateway


class NoProfileFieldError(CommandError):
    """The list has no profile field, and is read by one."""


_MARKS = (AUDIENCE_MARK, "true", "1")


def compared(
    environment: Mapping[str, str], destination: EmailDestination, audience: str, read: IngestedAudience
) -> dict[str, Any]:
    """What would change, in numbers of people. Listrak lists subscribers only, so who is not among them is either new
    or had unsubscribed, and then stays so unless the destination says ``resubscribe``.

    Raises:
        RelayError: Listrak cannot be asked.
    """
    gateway = email_gateway(environment, destination.secret)
    list_id = _list_id(gateway, destination.list_name)
    there = [one for group in gateway.groups(list_id) for one in gateway.fields(list_id, group.group_id)]
    mark = _named(there, audience)
    if not there:
        raise NoProfileFieldError(
            f"the list {destination.list_name} has no profile field, and is read by one; make one first"
        )
    subscribed, members = _people(gateway, list_id, mark or there[0], marked=mark is not None)
    wanted = {action: set(_contacts(read, action)) for action in Action}
    staying = wanted[Action.SUBSCRIBE] | wanted[Action.UPDATE]
    columns = [column.name for column in read.columns if not _named(there, column.name)]
    return {
        "subscribers": len(subscribed),
        "already_subscribed": len(wanted[Action.SUBSCRIBE] & subscribed),
        "new_or_had_unsubscribed": len(wanted[Action.SUBSCRIBE] - subscribed),
        "would_be_unsubscribed": len(wanted[Action.UNSUBSCRIBE] & subscribed),
        "not_on_list": len((wanted[Action.UNSUBSCRIBE] | wanted[Action.UPDATE]) - subscribed),
        "members": len(members),
        "would_lose_the_mark": len(members - staying) if destination.mode is Mode.MIRROR else 0,
        "fields_made": [*columns, *([] if mark else [audience])],
    }


def _people(gateway: EmailGateway, list_id: int, field: ProfileField, *, marked: bool) -> tuple[set[str], set[str]]:
    subscribed: set[str] = set()
    members: set[str] = set()
    cursor: str | None = None
    while True:
        page = gateway.contacts(list_id, field.field_id, cursor)
        for contact in page.contacts:
            email = contact.email.casefold()
            subscribed.add(email)
            if marked and contact.values.get(field.field_id, "").casefold() in _MARKS:
                members.add(email)
        cursor = page.next_cursor
        if cursor is None:
            return subscribed, members


def _contacts(read: IngestedAudience, action: Action) -> Iterator[str]:
    for chunk in read.chunks:
        if chunk.action is action:
            with chunk.content.open() as body:
                for row in csv.reader(io.TextIOWrapper(body, encoding="utf-8", newline="")):
                    yield row[0].casefold()


def _list_id(gateway: EmailGateway, name: str) -> int:
    lists = gateway.lists()
    for one in lists:
        if one.name.strip().casefold() == name.casefold():
            return one.list_id
    raise CommandError(f"Listrak has no list named {name!r}; it has {', '.join(sorted(one.name for one in lists))}")


def _named(there: list[ProfileField], name: str) -> ProfileField | None:
    return next((field for field in there if same_name_key(field.name) == same_name_key(name)), None)
