"""What there is to find about the Listrak account: sign-in, lists, groups, sender codes, SFTP servers."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from cli.aws.stack import Stack
from listrak_relay.domain.configuration.destination_rules import Destinations
from listrak_relay.domain.destinations.destinations import (
    BUILT_IN,
    Destination,
    EmailDestination,
    FeedDestination,
    SmsDestination,
)
from listrak_relay.domain.values.counted import counted
from listrak_relay.domain.values.names import same_name_key
from listrak_relay.errors import ConfigurationError, RelayError
from listrak_relay.ports.listrak_email import EmailGateway, ListrakList
from listrak_relay.use_cases.email.fields import find_list
from listrak_relay.use_cases.sms.targets import find_sender_code, phone_list_of
from listrak_relay.wiring.operating import SECRET_MISSING, email_gateway, sms_gateway

_NOT_SET = frozenset({"secret_not_set", "sftp_secret_not_set", SECRET_MISSING})
_CREDENTIALS = (
    "put the client id and secret of an {api} integration in place (listrak-relay rotate {verb}{which}), with the "
    "access that docs/listrak-setup.md names, and see whether its allowlist has your address and the stack's"
)
_MAKE = (
    "make it: aws secretsmanager create-secret --name {secret} --secret-string file://listrak-{channel}.json; or "
    "correct the name in the configuration (listrak-relay config show, config push)"
)
_LIST = "make the list in Listrak, or correct the name in the configuration (listrak-relay config show, config push)"
_SERVER = "see docs/sftp.md: the secret, the host key in it, and whether the server lets this address in"

D = TypeVar("D", bound=Destination)


@dataclass(frozen=True, slots=True)
class Finding:
    """``todo``: what to do, empty if all is well. ``wrong``: Listrak or AWS has answered, and nothing can be
    sent so."""

    about: str
    found: str
    todo: str = ""
    wrong: bool = False


def listrak_findings(stack: Stack, destinations: Destinations) -> Iterator[Finding]:
    """Of each account that a destination names, by reading only."""
    sound = destinations.sound.values()
    emails = _by_secret(one for one in sound if isinstance(one, EmailDestination))
    texts = _by_secret(one for one in sound if isinstance(one, SmsDestination))
    feeds = _by_secret(one for one in sound if isinstance(one, FeedDestination))
    for secret, of_email in emails.items():
        yield from _guarded("email", secret, of_email, partial(_email, stack, secret, of_email))
    for secret, of_sms in texts.items():
        yield from _guarded("sms", secret, of_sms, partial(_sms, stack, secret, of_sms))
    for secret, of_feeds in feeds.items():
        yield from _guarded("sftp", secret, of_feeds, partial(_sftp, stack, secret, of_feeds))


def _by_secret(destinations: Iterable[D]) -> dict[str | None, list[D]]:
    found: dict[str | None, list[D]] = {}
    for one in destinations:
        found.setdefault(one.secret, []).append(one)
    return found


def _guarded(
    channel: str, secret: str | None, of_account: Iterable[Destination], look: Callable[[], Iterator[Finding]]
) -> Iterator[Finding]:
    """The findings, or why there are none. An account that only the built-in destinations name may be unused."""
    about = _about(channel, secret)
    try:
        yield from list(look())
    except ConfigurationError as error:
        unused = error.code in _NOT_SET and all(BUILT_IN.get(one.name) == one for one in of_account)
        if unused:
            yield Finding(about, "not set up; nothing can be sent there")
        else:
            missing = error.code == SECRET_MISSING
            yield Finding(about, str(error), _todo(channel, secret, missing=missing), wrong=missing)
    except RelayError as error:
        yield Finding(about, str(error), _todo(channel, secret))


def _todo(channel: str, secret: str | None, *, missing: bool = False) -> str:
    if channel == "sftp":
        return _SERVER
    if missing and secret:
        return _MAKE.format(secret=secret, channel=channel)
    return _CREDENTIALS.format(
        api="Email" if channel == "email" else "SMS", verb=channel, which=f" --secret {secret}" if secret else ""
    )


def _about(channel: str, secret: str | None) -> str:
    return f"Listrak {channel} ({secret or 'own secret'})"


def _email(stack: Stack, secret: str | None, destinations: Iterable[EmailDestination]) -> Iterator[Finding]:
    gateway = email_gateway(stack.function_settings("DeliverEmailFunction"), secret)
    lists = gateway.lists()
    yield Finding(_about("email", secret), f"signed in; it has {counted(len(lists), 'list')}")
    for one in destinations:
        about = f"destination {one.name}"
        try:
            of_list = find_list(lists, one.list_name)
        except ConfigurationError as error:
            # What a run would be told to do comes after it: it has begun, and keeps its settings.
            yield Finding(about, str(error).partition(". Mend it")[0], _LIST, wrong=True)
        else:
            yield Finding(about, _group(gateway, of_list, one))


def _group(gateway: EmailGateway, of_list: ListrakList, destination: EmailDestination) -> str:
    wanted = destination.profile_field_group
    there = any(same_name_key(group.name) == same_name_key(wanted) for group in gateway.groups(of_list.list_id))
    return f"list {of_list.name!r} is there, and its group {wanted!r} {'too' if there else 'will be made'}"


def _sms(stack: Stack, secret: str | None, destinations: Iterable[SmsDestination]) -> Iterator[Finding]:
    gateway = sms_gateway(stack.function_settings("DeliverSmsFunction"), secret)
    codes = gateway.sender_codes()
    yield Finding(_about("sms", secret), f"signed in; it has {counted(len(codes), 'sender code')}")
    for one in destinations:
        about = f"destination {one.name}"
        try:
            sender = find_sender_code(codes, one.sender_code)
            phone_list = phone_list_of(gateway.phone_lists(sender.sender_code_id), one.list_name, sender)
        except ConfigurationError as error:
            yield Finding(about, str(error), "correct it in the configuration or in Listrak", wrong=True)
        else:
            yield Finding(about, f"phone list {phone_list.name!r} of sender code {sender.code} is there")


def _sftp(stack: Stack, secret: str | None, destinations: Iterable[FeedDestination]) -> Iterator[Finding]:
    from listrak_relay.wiring.sftp_check import check_server  # noqa: PLC0415 - paramiko is dear to load

    # The library logs each try with its traceback; what came of them is said once.
    logging.getLogger("paramiko").setLevel(logging.CRITICAL + 1)
    found = check_server(stack.name, next(iter(destinations)).name)
    if not found.trusted:
        offered = ", ".join(key.fingerprint for key in found.offered)
        todo = "if its owner confirms that key, put it into host_key of the secret (docs/sftp.md)"
        yield Finding(_about("sftp", secret), f"{found.address} offers {offered}, which is not pinned", todo)
    else:
        yield Finding(_about("sftp", secret), f"{found.address} let the account in; its key is pinned")
