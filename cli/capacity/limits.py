"""How much of each limit a night uses, and what is to be turned where one is reached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil

from cli.capacity import measured
from cli.capacity.night import Imports, Night
from cli.capacity.quotas import (
    LAMBDA_AT_ONCE,
    LAMBDA_SECONDS,
    LISTRAK_FILE_BYTES,
    NEW_LAMBDA_AT_ONCE,
    OPEN_MAP_RUNS,
    PARTITION_WRITES,
    SQS_IN_FLIGHT,
)
from cli.capacity.stack import CONCURRENCY

_PERMITS = 8
"""Writes a second by which a busy function takes its share of the calls to Listrak SMS."""

_MOMENT = 60.0
"""In which events arrive of files that are dropped at once."""

OUR_OWN = "computed here from measured seconds"


@dataclass(frozen=True, slots=True)
class Limit:
    """``used`` of ``most``, both in ``unit``. ``turn``: what is to be done where it is reached. ``gives_way``: beyond
    it the work is done in another way, and nothing stops."""

    name: str
    used: float
    most: float
    unit: str
    turn: str
    source: str = OUR_OWN
    gives_way: bool = False

    @property
    def percent(self) -> float:
        return 100 * self.used / self.most

    @property
    def passed(self) -> bool:
        return self.used > self.most and not self.gives_way


def limits(night: Night) -> list[Limit]:
    """The one that is nearest to its end first; those that give way behind the others."""
    found = [*_of_listrak(night), *_of_functions(night), *_of_services(night)]
    return sorted(found, key=lambda limit: (limit.gives_way, -limit.percent))


def fits(night: Night) -> bool:
    return not any(limit.passed for limit in limits(night))


def most_contacts(night: Night) -> float:
    """That fit, in as many audiences and lists, 0 if not even one in each does: a hundredth more passes a limit."""
    low, high = float(night.audiences), 2.0 * night.audiences
    if not fits(replace(night, contacts=low)):
        return 0.0
    while fits(replace(night, contacts=high)):
        low, high = high, high * 2
    while high - low > high / 100:
        middle = (low + high) / 2
        low, high = (middle, high) if fits(replace(night, contacts=middle)) else (low, middle)
    return low


def _of_listrak(night: Night) -> Iterator[Limit]:
    ask = "ask Listrak's support how many contacts a second it imports, and side by side how many"
    more_lists = f"share the audiences out over more lists, or {ask}"
    turn = more_lists if night.imports_go is Imports.BY_LIST else f"send only who has changed, or {ask}"
    listrak = night.listrak_seconds / 3_600
    yield Limit("Listrak's imports", listrak, night.hours, "hours", turn, "an assumption: Listrak publishes no rate")
    of_run = (
        night.import_seconds * night.imports_of_run
        + measured.ADDED_SECONDS
        + measured.ADDED_A_CONTACT * night.of_audience
        + night.stack.settings["ImportPollSeconds"]
    )
    yield Limit(
        "runs of one list that wait for each other",
        night.runs_of_list * of_run / 3_600,
        night.hours,
        "hours",
        "more lists; or files without opt-outs, in mode add, which wait for nobody",
    )
    yield Limit(
        "size of one import",
        night.file_bytes,
        night.stack.settings["MaxChunkBytes"],
        "bytes",
        f"nothing: MaxChunkBytes makes {night.imports_of_run} imports of an audience",
        f"Listrak takes {LISTRAK_FILE_BYTES:,} bytes",
        gives_way=True,
    )
    if night.numbers:
        calls, a_second = night.changed_numbers, night.stack.settings["SmsCallsPerSecond"]
        seconds = measured.CHANGED_NUMBER.seconds["DeliverSms"] / night.stack.messages
        turn = "SmsCallsPerSecond" if 1 / a_second > seconds else f"{CONCURRENCY}=large, or more SmsConnections"
        yield Limit("calls to Listrak SMS", calls * max(1 / a_second, seconds) / 3_600, night.hours, "hours", turn)


def _of_functions(night: Night) -> Iterator[Limit]:
    seconds, messages = night.function_seconds(), night.stack.messages
    busy = {"EmailQueue": seconds["DeliverEmail"], "ImportQueue": seconds["MonitorImport"]}
    for queue, all_seconds in busy.items():
        more = f"{CONCURRENCY}=large, for more than {messages} messages at once"
        yield Limit(f"functions of the {queue}", all_seconds / messages / 3_600, night.hours, "hours", more)
    quota = NEW_LAMBDA_AT_ONCE if night.stack.concurrency == "new-account" else LAMBDA_AT_ONCE
    # Of the queues of email, imports and closing, and of SMS.
    beside = messages * (4 if night.numbers else 3)
    room = max(1.0, quota.value - beside)
    if night.stack.concurrency == "shared":
        room = min(room, night.stack.settings["IngestConcurrency"])
    yield Limit(
        "reading all files, as many at once as can be",
        seconds["IngestAudience"] / min(room, night.audiences) / 3_600,
        night.hours,
        "hours",
        f"{CONCURRENCY}, IngestConcurrency, or a higher quota of Lambda",
        quota.source,
    )
    yield Limit(
        "functions at once",
        _readers(night) + beside,
        quota.value,
        "functions",
        f"{CONCURRENCY}=shared, drops over a longer time, a higher quota, or a second account; until then files wait",
        quota.source,
        gives_way=True,
    )
    yield Limit(
        "reading one file in one function",
        _reading_seconds(night) * min(1, _largest(night) / night.file_bytes),
        LAMBDA_SECONDS.value,
        "seconds",
        "a smaller LargeFileMb, so that Step Functions reads larger files in ranges",
        LAMBDA_SECONDS.source,
    )


def _of_services(night: Night) -> Iterator[Limit]:
    yield Limit(
        "messages in flight on one queue",
        night.stack.messages,
        SQS_IN_FLIGHT.value,
        "messages",
        "nothing: no more are taken at once than Concurrency says, and those that wait are not in flight",
        SQS_IN_FLIGHT.source,
    )
    name, writes = max(_writes(night).items(), key=lambda item: item[1])
    yield Limit(
        "writes to one DynamoDB partition",
        writes,
        PARTITION_WRITES.value,
        "a second",
        f"drops over a longer time, or a second stack; most are of {name}",
        PARTITION_WRITES.source,
    )
    large = night.file_bytes > _largest(night)
    yield Limit(
        "size of a file for one function",
        night.file_bytes,
        _largest(night),
        "bytes",
        "nothing: above LargeFileMb Step Functions reads it in ranges, RangeConcurrency of them at once",
        gives_way=True,
    )
    yield Limit(
        "files that Step Functions reads at once",
        night.audiences if large else 0,
        OPEN_MAP_RUNS.value,
        "map runs",
        "a larger LargeFileMb, drops over a longer time, or a second account",
        OPEN_MAP_RUNS.source,
    )


def _largest(night: Night) -> float:
    """Bytes that one function reads."""
    return night.stack.settings["LargeFileMb"] * 1e6


def _reading_seconds(night: Night) -> float:
    own, each = (work.seconds["IngestAudience"] for work in (measured.EMAIL_RUN, measured.CONTACT))
    return own + each * night.of_audience


def _readers(night: Night) -> int:
    """Functions that read at once, when files come evenly in their time; together with ranges of a large one."""
    files = night.audiences
    if night.within:
        files = min(files, ceil(files * _reading_seconds(night) / night.within))
    if night.file_bytes > _largest(night):
        return files * int(night.stack.settings["RangeConcurrency"])
    if night.stack.concurrency == "shared":
        return min(files, int(night.stack.settings["IngestConcurrency"]))
    return files


def _writes(night: Night) -> dict[str, float]:
    """A second, to the items that share a partition."""
    found = {
        "the index of open runs": 2 * night.audiences / max(_MOMENT, night.within),
        "one run": measured.EMAIL_RUN.amounts["write_units"] / measured.ADDED_SECONDS,
    }
    if night.numbers:
        found["the calls to Listrak SMS"] = _PERMITS * night.stack.messages
    return found
