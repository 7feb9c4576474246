"""What a stack is deployed with, as far as it bears on a night: parameters of `template.yaml` and their defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cli.errors import CommandError, ExitCode

CONCURRENCY = "Concurrency"
DEFAULTS: Mapping[str, float] = {
    "ImportPollSeconds": 15,
    "MaxChunkBytes": 180_000_000,
    "LargeFileMb": 3_000,
    "IngestConcurrency": 20,
    "RangeConcurrency": 20,
    "SmsCallsPerSecond": 1_000,
}
MESSAGES: Mapping[str, int] = {"new-account": 2, "usual": 4, "shared": 4, "large": 16}
RANGES: Mapping[str, int] = {"new-account": 2, "usual": 20, "shared": 20, "large": 100}
"""By `Concurrency`: messages of each queue that are worked on at once, and ranges of one file."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """``settings`` by the names of `DEFAULTS`."""

    concurrency: str
    settings: Mapping[str, float]

    @property
    def messages(self) -> int:
        return MESSAGES[self.concurrency]


def deployed(given: Iterable[str] = ()) -> Deployed:
    """``given``: words such as ``SmsCallsPerSecond=200`` and ``Concurrency=large``. Raises CommandError."""
    words = [word.partition("=") for word in given]
    concurrency = next((value for name, _, value in words if name == CONCURRENCY), "usual")
    if concurrency not in MESSAGES:
        raise CommandError(f"{CONCURRENCY} is one of {', '.join(MESSAGES)}, not {concurrency!r}", ExitCode.WRONG_USE)
    settings = {**DEFAULTS, "RangeConcurrency": RANGES[concurrency]}
    for name, _, value in words:
        if name == CONCURRENCY:
            continue
        if name not in DEFAULTS:
            known = ", ".join([CONCURRENCY, *DEFAULTS])
            raise CommandError(f"{name!r} is no parameter that bears on a night; there are {known}", ExitCode.WRONG_USE)
        if not (value.isdecimal() and int(value)):
            raise CommandError(f"{name}={value}: write a whole number above 0", ExitCode.WRONG_USE)
        settings[name] = int(value)
    return Deployed(concurrency, settings)
