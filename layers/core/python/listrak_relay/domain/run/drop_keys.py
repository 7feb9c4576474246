"""Reading a drop key: `<destination>/<audience>/<file>`, or `<destination>/<file>` for a feed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from listrak_relay.errors import FileRejectedError

MAX_AUDIENCE_LENGTH = 100
"""Characters. Our choice: the audience becomes the name of a profile field, whose limit Listrak does not document."""


TEST_NAME = "listrak-relay-test"
"""How a file, or its folder, is called of which the command line makes a test."""

TEST_AUDIENCE = "-test"
"""What such a file's audience has behind its name, so that its mark is a profile field of its own."""


@dataclass(frozen=True, slots=True)
class DropKey:
    destination: str
    audience: str
    file_name: str


def shown_key(key: str) -> str:
    """A key for a message, without segments that may be somebody's data but for the digits that file names have."""
    segments = ["…" if _PERSONAL.search(part) or not part.isprintable() else _cut(part) for part in key.split("/")]
    return f"the key '{'/'.join(segments)}'"


def _cut(segment: str) -> str:
    return segment if len(segment) <= _SHOWN_CHARACTERS else f"{segment[:_SHOWN_CHARACTERS]}…"


_SHOWN_CHARACTERS = 60
_PERSONAL = re.compile(r"@|%40|\+?[0-9]{3}[ ).-]+[0-9]{3}|\+[0-9]{7}", re.IGNORECASE)
"""An address or a phone number."""


def is_test(key: str) -> bool:
    """Whether a file was dropped to try the way that large ones go."""
    return f"/{TEST_NAME}" in key


def destination_of(key: str) -> str:
    """The first segment, which names the destination even where the rest of the key is wrong."""
    return key.split("/", 1)[0]


def parse_drop_key(key: str, *, audience_optional: bool = False) -> DropKey:
    """Folders below the audience belong to the file name. A feed has no audience, so its key may leave it out.

    Raises:
        FileRejectedError: ``drop_key_invalid``.
    """
    destination, _, rest = key.partition("/")
    audience, _, file_name = rest.partition("/")
    audience = audience.strip()
    if audience_optional and destination and rest and not file_name:
        return DropKey(destination, "", rest)
    if not destination or not audience or not file_name:
        raise FileRejectedError(
            "drop_key_invalid",
            f"{shown_key(key)} does not say where the file is to go; drop it as <destination>/<audience>/<file>, "
            "for example email/vip_customers/customers.csv",
        )
    if len(audience) > MAX_AUDIENCE_LENGTH or not audience.isprintable():
        raise FileRejectedError(
            "audience_invalid",
            f"the audience in {shown_key(key)} must be at most {MAX_AUDIENCE_LENGTH} printable characters, "
            "since it becomes the name of a profile field",
        )
    return DropKey(destination, audience, file_name)
