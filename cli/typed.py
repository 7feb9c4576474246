"""Commands in sentences, as they have to be typed where this one was."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field

from cli.aws.session import Place

NAME = "listrak-relay"
STACK = "listrak-relay"
"""The stack that is meant where none is named."""


@dataclass(frozen=True, slots=True)
class AsTyped:
    """``program``: what was typed to start this one, such as `tools/listrak-relay`. ``place``: whose stack, so that
    whoever copies a command asks the same one. ``verbs``: of the commands there are; other words may follow a stack of
    our name."""

    program: str = NAME
    place: Place | None = None
    verbs: Iterable[str] = field(default=())

    def __call__(self, sentence: str) -> str:
        """``sentence`` with its commands as they have to be typed."""
        verbs = "|".join(map(re.escape, self.verbs))
        if not verbs:
            return sentence
        typed = " ".join((self.program, *self._options()))
        return re.sub(rf"(?<![\w/.-]){NAME} (?=(?:{verbs})\b)", lambda _match: f"{typed} ", sentence)

    def _options(self) -> list[str]:
        if self.place is None:
            return []
        if self.place.local:
            return ["--local"]
        named = {
            "--stack": self.place.stack if self.place.stack != STACK else None,
            "--profile": self.place.profile,
            "--region": self.place.region,
            "--endpoint-url": self.place.endpoint_url,
        }
        return [part for name, value in named.items() if value for part in (name, shlex.quote(value))]
