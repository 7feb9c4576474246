"""Which secrets may be named where. The name says what a secret is for, and the functions may read by that alone.

A function's role holds the same prefixes (template.yaml): delivery of one channel cannot read what another sends with,
and nobody who delivers can read a key that opens files.
"""

from __future__ import annotations

import re

from listrak_relay.domain.configuration.located import Node, Place
from listrak_relay.domain.configuration.value_rules import Reader, secret_name
from listrak_relay.domain.destinations.choices import Channel

PGP_PREFIX = "pgp-"
"""Of the part of a name after the stack's, for private keys that open files."""

_ARN = re.compile(r"arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:")
_UPGRADING = "docs/upgrading.md tells how to give a secret such a name"


def channel_prefix(channel: Channel) -> str:
    """How the name of a channel's secret must begin, after the stack's name and a slash: ``email-``."""
    return f"{channel.value}-"


def may_be_read(secret: str, prefix: str, built_in: str | None = None) -> bool:
    """Whether ``secret``, a name or an ARN, is a stack's for this purpose: ``<stack>/<prefix>…``, or the one that
    the stack made, ``<stack>/<built_in>``. Which stack it is cannot be told here.
    """
    name = _ARN.sub("", secret)
    _, slash, own = name.partition("/")
    if not slash:
        return False
    # The ARN of a secret ends in six characters that Secrets Manager chose.
    made = built_in is not None and re.fullmatch(re.escape(built_in) + ("" if name == secret else "-.{6}"), own)
    return bool(made) or (own.startswith(prefix) and own != prefix)


def channel_secret(channel: Channel) -> Reader[str]:
    """The name of the secret that a destination of ``channel`` signs in with."""
    return _secret(channel_prefix(channel), "secret", f"functions of channel {channel}", f"listrak-{channel.value}")


def pgp_secret(node: Node, place: Place) -> str | None:
    """The name of the secret that holds a private key."""
    return _secret(PGP_PREFIX, "key", "functions that read files")(node, place)


def _secret(prefix: str, thing: str, readers: str, built_in: str | None = None) -> Reader[str]:
    read_name = secret_name(f"the {thing}")

    def read(node: Node, place: Place) -> str | None:
        name = read_name(node, place)
        if name is not None and not may_be_read(name, prefix, built_in):
            # Not shown: it may be a secret in the wrong place.
            place.fault(
                node.line,
                f"must be a name that begins with <stack>/{prefix}, since the {readers} may read no other secret; "
                + _UPGRADING,
            )
            return None
        return name

    return read
