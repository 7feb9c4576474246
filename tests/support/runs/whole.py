"""Runs of each kind through the whole stack, with what the model says of their end."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from local.relay_client import Dropped, Report
from tests.support.road.points import CallPoint, Fault
from tests.support.runs.model import (
    NO,
    NOBODY,
    YES,
    Person,
    Rules,
    afterwards,
    counts_of_email,
    counts_of_phones,
    feed_as_sent,
    phone_list_afterwards,
)
from tests.support.stack.faulty import FaultyStack

PLAIN = Rules()
WORDS = {YES: "yes", NO: "no", NOBODY: "yes"}
NEVER = frozenset({"banned@example.com"})
ON_LIST = ("ada@example.com", "ben@example.com", "cleo@example.com", "dora@example.com", "ed@example.com")
HAVE_LEFT = ("opted.out@example.com", "left.last.year@example.com")
PHONES = tuple(f"12125551{number:03}" for number in range(1, 40))
OPTED_OUT = PHONES[7:9]

FAILED_ALONE = "failed_alone"
AT_LISTRAK = frozenset({"refused", "dead_lettered"})
"""Outcomes of rows that ended there, and not as the file says."""

Rows = Sequence[tuple[str, str]]

_NEW = [(YES, f"new{number}@example.com") for number in range(4)]
_MANY: Rows = (
    *_NEW,
    (YES, "ada@example.com"),
    (YES, "opted.out@example.com"),
    (YES, "banned@example.com"),
    (NOBODY, "nobody"),
    (YES, "new1@example.com"),
    *(
        (NO, who)
        for who in ("ben@example.com", "cleo@example.com", "left.last.year@example.com", "unknown@example.com")
    ),
)
_LARGE: Rows = (*((YES, f"one.of.many{number}@example.com") for number in range(80)), *_MANY)
"""More than the stack of these tests reads at once, and less than two ranges of it."""

_FEW: Rows = (
    (YES, "new0@example.com"),
    (YES, "opted.out@example.com"),
    (YES, "ada@example.com"),
    (NO, "ben@example.com"),
    (NO, "unknown@example.com"),
)
_MARKED: Rows = [(YES, who) for who in ("ben@example.com", "cleo@example.com", "dora@example.com", "gone@example.com")]
_TEXTS: Rows = (
    *((YES, PHONES[place]) for place in (0, 1, 7, 20, 21)),
    *((NO, PHONES[place]) for place in (2, 30)),
)
_TEXTS_MIRRORED: Rows = [(YES, PHONES[place]) for place in (0, 1, 3, 7, 20, 21)]
_ORDERS = (
    ("001", "a@example.com", "2026-11-23T08:00:00Z"),
    ("002", "b@example.com", "yesterday"),
    ("003", "c@example.com", "2026-11-23T09:00:00Z"),
)


@dataclass(frozen=True, slots=True)
class File:
    """``channel``: ``email``, ``sms`` or ``feed``. ``rows``: of people; of a feed its records."""

    channel: str
    rows: Sequence[Any]
    rules: Rules = PLAIN


@dataclass(frozen=True, slots=True)
class Way:
    """One kind of run. ``files`` are dropped at once, ``before`` is delivered without a fault."""

    files: tuple[File, ...]
    before: tuple[File, ...] = ()


WAYS: Mapping[str, Way] = {
    "email by import": Way((File("email", _MANY),)),
    "email, read in ranges": Way((File("email", _LARGE),)),
    "email by contact": Way((File("email", _FEW),)),
    "email, mirror": Way((File("email", _MANY, Rules(mirror=True)),), (File("email", _MARKED),)),
    "email, subscribing again": Way((File("email", _FEW, Rules(resubscribe=True)),)),
    "sms": Way((File("sms", _TEXTS),)),
    "sms, mirror": Way((File("sms", _TEXTS_MIRRORED, Rules(mirror=True)),)),
    "feed": Way((File("feed", _ORDERS),)),
    "several at once": Way(
        (
            File("email", _NEW),
            File("email", [(NO, "new1@example.com"), (NO, "ada@example.com")]),
            File("email", _FEW),
            File("sms", _TEXTS),
            File("feed", _ORDERS),
        )
    ),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """``violations``: what is not as the model says, empty if all is well."""

    violations: list[str]
    points: list[CallPoint]
    struck: list[Fault]


@dataclass
class Trials:
    """Runs one after the other on one stack, each with a list, a sender code and an audience of its own."""

    faulty: FaultyStack
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def run(self, way: Way, *faults: Fault) -> Seen:
        place = _Place(self.faulty, next(self._numbers))
        place.prepare()
        if way.before:
            self.faulty.road.begin()
            self.faulty.to_the_end(place.drop(way.before, "before"))
        place.look()
        self.faulty.road.begin(faults)
        dropped = place.drop(way.files, "file")
        reports = self.faulty.to_the_end(dropped)
        taken, struck = self.faulty.road.taken, self.faulty.road.struck
        reports |= self._dropped_again(place, way, dropped, reports)
        violations = [*place.judge(way.files, [reports[each.key] for each in dropped])]
        violations += [f"{number} messages are left in {name}" for name, number in self.faulty.waiting().items()]
        return Seen(violations, taken, struck)

    def _dropped_again(
        self, place: _Place, way: Way, dropped: Sequence[Dropped], reports: Mapping[str, Report | None]
    ) -> dict[str, Report | None]:
        """By an operator, as the problem of a large file says that failed each time. By the former key its report."""
        found: dict[str, Report | None] = {}
        for file, former in zip(way.files, dropped, strict=True):
            report = reports[former.key]
            if report and report["problem_code"] == "never_read" and "drop the file again" in report["problem"]:
                [again] = place.drop([file], "again")
                found[former.key] = self.faulty.to_the_end([again])[again.key]
        return found


class _Place:
    """What one run works on, at Listrak and here."""

    def __init__(self, faulty: FaultyStack, number: int) -> None:
        self._faulty, self._stack = faulty, faulty.stack
        self._list, self._code = f"List {number}", f"7{number:04}"
        self._audience = f"vip{number}"
        self._people: dict[str, Person] = {}
        self._phones: set[str] = set()
        self._imports = 0

    def prepare(self) -> None:
        self._faulty.forget()
        simulator = self._stack.simulator
        simulator.reset()
        simulator.settings(import_processing_seconds=0)
        simulator.seed(self._seed())
        for left in self._stack.sftp.folder.iterdir():
            left.unlink()
        self._stack.client.configure(self._configuration().encode())

    def look(self) -> None:
        """As it is before anything goes wrong."""
        self._people, self._phones = self._people_now(), self._phones_now()
        self._imports = len(self._import_names())

    def drop(self, files: Iterable[File], name: str) -> list[Dropped]:
        return [
            self._stack.drop(f"{_destination(file)}/{self._audience}/{name}{number}.csv", _content(file))
            for number, file in enumerate(files)
        ]

    def judge(self, files: Sequence[File], reports: Sequence[Report | None]) -> Iterable[str]:
        people, phones, sent = dict(self._people), set(self._phones), Counter[str]()
        refused: set[str] = set()
        for number, (file, report) in enumerate(zip(files, reports, strict=True)):
            if report is None:
                yield f"the run of file {number} has not ended"
                continue
            refused |= (turned_away := self._turned_away(report))
            match file.channel:
                case "email":
                    expected = counts_of_email(people, file.rows, file.rules, NEVER)
                    people = afterwards(people, _asked(file), file.rules, NEVER)
                case "sms":
                    expected = counts_of_phones(OPTED_OUT, file.rows)
                    phones = phone_list_afterwards(phones, OPTED_OUT, file.rows, mirror=file.rules.mirror)
                case _:
                    content, expected = feed_as_sent(_HEADER, file.rows)
                    sent[content] += 1
            alone = sum(each.channel == file.channel for each in files) == 1
            yield from (f"file {number}: {what}" for what in _of_report(report, expected, turned_away, alone=alone))
        yield from self._of_people(people, self._by_last_words(files), refused)
        for phone in sorted(self._phones_now() ^ phones):
            if not (phone in refused and (phone in phones) != (phone in self._phones)):
                yield f"{phone} {'is not' if phone in phones else 'is'} on the phone list"
        lifted = [each for each in self._stack.simulator.call("GET", f"sms/{self._code}/opt-outs") if each["lifted_at"]]
        yield from (f"the opt-out of {each['phone']} was lifted" for each in lifted)
        found = Counter(path.read_text() for path in self._stack.sftp.folder.iterdir())
        if found != sent:
            yield f"the SFTP folder holds {dict(found)}, not {dict(sent)}"
        names = Counter(self._import_names()[self._imports :])
        yield from (f"{name} was imported {times} times" for name, times in names.items() if times > 1)

    def _by_last_words(self, files: Sequence[File]) -> dict[str, Person]:
        """As it is where what older files said of somebody came too late to be sent. Of one file the same as ever."""
        of_email = [file for file in files if file.channel == "email"]
        last = {who: what for file in of_email for what, who in _asked(file)}
        rules = of_email[-1].rules if of_email else PLAIN
        return afterwards(self._people, [(what, who) for who, what in last.items()], rules, NEVER)

    def _of_people(self, people: Mapping[str, Person], late: Mapping[str, Person], refused: set[str]) -> Iterable[str]:
        found = self._people_now()
        for who in sorted(people.keys() | found.keys()):
            is_now, should = found.get(who, Person()), people.get(who, Person())
            if is_now in (should, late.get(who, Person())):
                continue
            if not (who in refused and is_now == self._people.get(who, Person())):
                yield f"{who}: {is_now}, not {should}"

    def _turned_away(self, report: Report) -> set[str]:
        """By Listrak, or set aside since Listrak failed at them alone."""
        lines = csv.DictReader(io.StringIO(self._stack.client.read(report["rejects_key"]).decode()))
        return {line["record"].split(",")[0].strip('"+') for line in lines if line["outcome"] in AT_LISTRAK}

    def _people_now(self) -> dict[str, Person]:
        return {
            each["email"]: Person(each["state"] == "Subscribed", each["values"].get(self._audience) == "on")
            for each in self._stack.simulator.contacts(self._list)
        }

    def _phones_now(self) -> set[str]:
        contacts = self._stack.simulator.call("GET", f"sms/{self._code}/contacts")
        subscribed = {each["phone"]: each["lists"].get("Texts", {}).get("state") for each in contacts}
        return {phone for phone, state in subscribed.items() if state == "Subscribed"}

    def _import_names(self) -> list[str]:
        return [each["file_name"] for each in self._stack.simulator.imports(self._list)]

    def _seed(self) -> dict[str, Any]:
        left = [{"email": who, "state": "Unsubscribed"} for who in HAVE_LEFT]
        people = {"list_name": self._list, "contacts": [*({"email": who} for who in ON_LIST), *left]}
        on_list = [{"phone": phone, "lists": {"Texts": "Subscribed"}} for phone in PHONES[:5]]
        phones = {
            "code": self._code,
            "country": "US",
            "phone_lists": [{"name": "Texts"}],
            "contacts": on_list,
            "opt_outs": [{"phone": phone} for phone in OPTED_OUT],
        }
        return {"lists": [{**people, "banned": sorted(NEVER)}], "sms": {"sender_codes": [phones]}}

    def _configuration(self) -> str:
        guards = "mirror_guard_percent: 100, audience_guard_percent: 100"
        email = f'channel: email, list: "{self._list}"'
        sms = f'channel: sms, sender_code: "{self._code}", list: Texts'
        return f"""
version: 1
destinations:
  email: {{{email}}}
  email_mirror: {{{email}, mode: mirror, {guards}}}
  email_again: {{{email}, resubscribe: true}}
  sms: {{{sms}}}
  sms_mirror: {{{sms}, mode: mirror, {guards}}}
"""


_HEADER = ("ordernumber", "email", "dateentered")


def _destination(file: File) -> str:
    if file.channel == "feed":
        return "orders"
    return f"{file.channel}{'_mirror' if file.rules.mirror else '_again' if file.rules.resubscribe else ''}"


def _content(file: File) -> bytes:
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    if file.channel == "feed":
        lines.writerows([_HEADER, *file.rows])
    else:
        lines.writerow(["email" if file.channel == "email" else "phone", "opt_in"])
        lines.writerows([who, WORDS[what]] for what, who in file.rows)
    return text.getvalue().encode()


def _asked(file: File) -> list[tuple[str, str]]:
    return [(what, who) for what, who in file.rows if what != NOBODY]


def _of_report(report: Report, expected: Mapping[str, int], refused: set[str], *, alone: bool) -> Iterable[str]:
    """``alone``: no other file of its list was dropped at the same time, which may have superseded some of its rows."""
    counts: dict[str, int] = report["counts"]
    if not alone:
        counts = {**counts, "accepted": counts["accepted"] + counts["skipped"], "skipped": 0}
        expected = {**expected, "accepted": expected["accepted"] + expected["skipped"], "skipped": 0}
    alone_rows = report["reasons"].get(FAILED_ALONE, 0)
    if report["status"] != "COMPLETED" and not (alone_rows and report["problem_code"] == FAILED_ALONE):
        yield f"the run is {report['status']}: {report['problem']}"
    if not report["balanced"]:
        yield f"the sum does not come out even: {counts}"
    if min([0, *counts.values(), *report["reasons"].values()]) < 0:
        yield f"a count is negative: {counts}, {report['reasons']}"
    # Whom Listrak turned away by a fault is refused, or set aside, rather than what the model says; each has a line.
    away = counts["refused"] + alone_rows
    if {**counts, "refused": expected["refused"], "dead_lettered": counts["dead_lettered"] - alone_rows} != {
        **expected,
        "accepted": expected["accepted"] - (away - expected["refused"]),
    } or away != len(refused):
        yield f"{counts} are counted, not {dict(expected)}; {len(refused)} are listed as turned away"
