"""A destination more in the text of a `destinations.yaml`, whose comments and order stay as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from cli.errors import CommandError
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.destinations import BUILT_IN, FeedDestination

EMPTY = "version: 1\n"
_HEAD = re.compile(r"^destinations:[ \t]*(#.*)?$", re.MULTILINE)


def with_destination(text: str, name: str, settings: Mapping[str, str]) -> str:
    """``settings``: key → value as it is to stand there. Whether the result is sound is for the reader to say.

    Raises:
        CommandError: the file has its destinations in a form that nothing can be put into.
    """
    head = _HEAD.search(text)
    if head is None and re.search(r"^destinations\s*:", text, re.MULTILINE):
        raise CommandError(
            "the destinations stand on one line there; write the new one by hand, then: listrak-relay config push"
        )
    if head is None:
        text = f"{text.rstrip()}\ndestinations:\n"
        head = _HEAD.search(text)
        assert head is not None  # noqa: S101 - it was put there
    rest = text[head.end() :].lstrip("\n")
    indent = _indent(rest)
    entry = "".join(f"{indent * 2}{key}: {_scalar(value)}\n" for key, value in settings.items())
    return f"{text[: head.end()]}\n{indent}{name}:\n{entry}{rest}"


def _indent(rest: str) -> str:
    """Of the entries that are there."""
    for line in rest.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            return line[: len(line) - len(line.lstrip())] or "  "
    return "  "


def _scalar(value: str) -> str:
    """As it is where YAML takes it for what it says; in quotes otherwise, which JSON and YAML write alike."""
    plain = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 _/.-]*", value)
    return value if plain and not value.endswith(" ") else json.dumps(value, ensure_ascii=False)


def usual_settings(name: str, channel: str | None) -> dict[str, str | None]:
    """What is not said: the channel of the built-in destination of this name, and the feed that it is."""
    own = BUILT_IN.get(name)
    if channel or own is None:
        return {"channel": channel or Channel.EMAIL.value}
    return {"channel": own.channel.value, "feed": own.feed.feed.value if isinstance(own, FeedDestination) else None}
