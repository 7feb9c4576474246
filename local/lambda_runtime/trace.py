"""The header that follows work from function to function, and by which Lambda knows a loop.

A client in a function sends the header of its invocation with each request; SQS keeps it with the message, and who is
invoked with that message is one hop further. Lambda counts the hops by function in the part ``Lineage``.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
"""

from __future__ import annotations

import re
import secrets
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

LONGEST_LOOP = 16
"""Invocations of one function in one chain; the next is refused unless its ``RecursiveLoop`` is ``Allow``."""

LOOP = "RecursiveInvocationException"
"""What Lambda calls an invocation that is one too many in a loop."""

_HOPS = re.compile(r"([0-9a-f]{8}):(\d+)")


@dataclass(frozen=True, slots=True)
class Trace:
    """``root``: of the whole chain. ``hops``: short hash of a function → its invocations so far."""

    root: str
    hops: Mapping[str, int]

    @classmethod
    def read(cls, header: str | None) -> Trace:
        """A new chain where there is no header, or none with a root."""
        parts = dict(part.split("=", 1) for part in (header or "").split(";") if "=" in part)
        hops = {name: int(count) for name, count in _HOPS.findall(parts.get("Lineage", ""))}
        return cls(parts.get("Root") or f"1-{int(time.time()):08x}-{secrets.token_hex(12)}", hops)

    def entering(self, function: str) -> Trace:
        """One hop further. ``function``: its ARN."""
        name = _short(function)
        return replace(self, hops={**self.hops, name: self.hops.get(name, 0) + 1})

    def invocations_of(self, function: str) -> int:
        return self.hops.get(_short(function), 0)

    @property
    def header(self) -> str:
        lineage = "|".join(f"{name}:{count}" for name, count in self.hops.items())
        return f"Root={self.root};Parent={secrets.token_hex(8)};Sampled=0;Lineage={lineage}"


def longest(headers: list[str | None]) -> str | None:
    """Of the messages of one batch, which are one invocation: the header with the most hops."""
    return max(headers, key=lambda header: sum(Trace.read(header).hops.values()), default=None)


def _short(function: str) -> str:
    return f"{zlib.crc32(function.encode()):08x}"
