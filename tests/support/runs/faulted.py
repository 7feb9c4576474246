"""One run of each kind against the simulator over a faulty road, followed to its end, and what was left."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from listrak_relay.adapters.listrak.transport import Transport
from listrak_relay.domain.destinations.choices import Channel, Mode
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import AUDIENCE_MARK, Action
from tests.support.listrak.faulty_transport import FaultyTransport
from tests.support.listrak.sms_simulator import SENDER_CODE
from tests.support.road.points import CallPoint, Fault
from tests.support.road.road import Road
from tests.support.runs.model import NO, UPDATE, YES, Person, Rules, afterwards, phone_list_afterwards
from tests.support.runs.relay import Relay, Row
from tests.support.runs.simulated import simulated_relay

if TYPE_CHECKING:
    from tests.support.listrak.simulator import RunningSimulator

ACTIONS = {YES: Action.SUBSCRIBE, NO: Action.UNSUBSCRIBE, UPDATE: Action.UPDATE}
NEVER = frozenset({"banned@example.com"})
AS_DEPLOYED = 10
"""Deliveries of a message."""

ROUNDS = 4
"""Of what an operator and the sweep do after a fault."""

EMAIL_ROWS = [
    *((YES, f"new{number}@example.com") for number in range(2)),
    *((YES, who) for who in ("ada@example.com", "opted.out@example.com", "banned@example.com")),
    *((UPDATE, who) for who in ("cleo@example.com", "stranger@example.com", "left.last.year@example.com")),
    *((NO, who) for who in ("ben@example.com", "unknown@example.com")),
]
EMAIL_BEFORE = [(YES, who) for who in ("ben@example.com", "cleo@example.com", "gone@example.com")]
SMS_ROWS = [
    *((YES, f"+1717555{number:04}") for number in (101, 104, 106, 110, 150)),
    *((NO, f"+1717555{number:04}") for number in (102, 160)),
]


@dataclass(frozen=True, slots=True)
class Way:
    """One kind of run. ``values``: of the destination."""

    channel: Channel
    rules: Rules
    small_chunk_rows: int = 2
    values: Mapping[str, Any] = field(default_factory=dict)


MIRROR: Mapping[str, Any] = {"mode": Mode.MIRROR, "mirror_guard_percent": 100, "audience_guard_percent": 100}
WAYS = {
    "email by import": Way(Channel.EMAIL, Rules()),
    "email by contact": Way(Channel.EMAIL, Rules(), 100),
    "email, mirror by import": Way(Channel.EMAIL, Rules(mirror=True), 2, MIRROR),
    "email, mirror by contact": Way(Channel.EMAIL, Rules(mirror=True), 100, MIRROR),
    "email, subscribing again": Way(Channel.EMAIL, Rules(resubscribe=True), 100, {"resubscribe": True}),
    "sms": Way(Channel.SMS, Rules()),
    "sms, mirror": Way(Channel.SMS, Rules(mirror=True), 2, MIRROR),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """``violations``: what is not as the rules say, empty if all is well. ``points``: calls that were made."""

    violations: list[str]
    points: list[CallPoint]
    struck: list[Fault]


def run_with(simulator: RunningSimulator, way: Way, *faults: Fault) -> Seen:
    simulator.reset()
    road = Road()

    def over(transport: Transport) -> Transport:
        return FaultyTransport(transport, road)

    relay = simulated_relay(
        simulator, way.channel, small_chunk_rows=way.small_chunk_rows, max_receives=AS_DEPLOYED, road=over, **way.values
    )
    if way.channel is Channel.SMS:
        return _sms(simulator, relay, road, way, faults)
    if way.rules.mirror:
        relay.drop(email_rows(EMAIL_BEFORE), "email/vip/before.csv")
        relay.run_to_end()
        relay.clock.advance(60)
    before = people_of(simulator)
    expected = afterwards(before, EMAIL_ROWS, way.rules, NEVER)
    begun = len(_imports(simulator))
    road.begin(faults)
    report, refused = _to_its_end(relay, road, email_rows(EMAIL_ROWS), "email/vip/file.csv")
    violations = _of_report(report)
    found = people_of(simulator)
    for who in sorted(expected.keys() | found.keys()):
        is_now, should = found.get(who, Person()), expected.get(who, Person())
        if is_now != should and not (who in refused and is_now == before.get(who, Person())):
            violations.append(f"{who}: {is_now}, not {should}")
    names = Counter(_imports(simulator)[begun:])
    violations += [f"{name} was imported {count} times" for name, count in names.items() if count > 1]
    return Seen(violations, road.taken, road.struck)


def _sms(simulator: RunningSimulator, relay: Relay, road: Road, way: Way, faults: Sequence[Fault]) -> Seen:
    relay.reader.columns = ()
    before = on_phone_list(simulator)
    out = {f"+{each['phone']}" for each in simulator.control("GET", f"/sms/{SENDER_CODE}/opt-outs")}
    expected = phone_list_afterwards(before, out, SMS_ROWS, mirror=way.rules.mirror)
    road.begin(faults)
    report, refused = _to_its_end(relay, road, sms_rows(SMS_ROWS), "sms/texts/file.csv")
    violations = _of_report(report)
    found = on_phone_list(simulator)
    # Who is in no row and whom Listrak did not let go is counted in the report, without the number.
    staying = (found - expected) & before - {who for _, who in SMS_ROWS}
    if len(staying) <= (report["removals"] or {}).get("refused", 0):
        found = found - staying
    for who in sorted(found ^ expected):
        if not (who in refused and (who in found) == (who in before)):
            violations.append(f"{who}: {'is' if who in found else 'is not'} on the list")
    lifted = [each for each in simulator.control("GET", f"/sms/{SENDER_CODE}/opt-outs") if each["lifted_at"]]
    violations += [f"the opt-out of {each['phone']} was lifted" for each in lifted]
    return Seen(violations, road.taken, road.struck)


def _to_its_end(relay: Relay, road: Road, rows: list[Row], key: str) -> tuple[dict[str, Any], set[str]]:
    """The report, and the contacts of rows that Listrak has refused."""
    source = relay.drop(rows, key)
    relay.run_to_end()
    road.mend()
    for _ in range(ROUNDS):
        relay.sweep()
        relay.run_to_end()
        relay.redrive()
        relay.run_to_end()
        relay.clock.advance(3600)
    if relay.report(source)["problem_code"] == "failed_alone":
        # As the report says.
        source = relay.drop(rows, key)
        relay.run_to_end()
    lines = csv.DictReader(io.StringIO(relay.store.objects.get(keys.rejects_key(source.run_id), b"").decode()))
    refused = {line["record"].split(",")[0].strip('"') for line in lines if line["outcome"] == "refused"}
    return relay.report(source), refused


def _of_report(report: Mapping[str, Any]) -> list[str]:
    checks: dict[str, Callable[[], bool]] = {
        "the sum does not come out even": lambda: bool(report["balanced"]),
        f"the run is {report['status']}: {report['problem']}": lambda: report["status"] == "COMPLETED",
        f"{report['counts']['dead_lettered']} rows were given up": lambda: not report["counts"]["dead_lettered"],
        "a count is negative": lambda: min([0, *report["counts"].values(), *report["reasons"].values()]) >= 0,
    }
    return [what for what, holds in checks.items() if not holds()]


def email_rows(rows: list[tuple[str, str]]) -> list[Row]:
    return [
        (ACTIONS[what], row, (who,) if what == NO else (who, "Lititz", AUDIENCE_MARK))
        for row, (what, who) in enumerate(rows, start=2)
    ]


def sms_rows(rows: list[tuple[str, str]], *values: str) -> list[Row]:
    """``values``: of the file's other columns."""
    return [
        (ACTIONS[what], row, (who,) if what == NO else (who, *values)) for row, (what, who) in enumerate(rows, start=2)
    ]


def people_of(simulator: RunningSimulator) -> dict[str, Person]:
    return {
        who: Person(contact["state"] == "Subscribed", contact["values"].get("vip") == AUDIENCE_MARK)
        for who, contact in simulator.contacts().items()
    }


def on_phone_list(simulator: RunningSimulator) -> set[str]:
    return {
        f"+{each['phone']}"
        for each in simulator.control("GET", f"/sms/{SENDER_CODE}/contacts")
        if each["lists"].get("Master List", {}).get("state") == "Subscribed"
    }


def _imports(simulator: RunningSimulator) -> list[str]:
    return [each["file_name"] for each in simulator.control("GET", "/lists/345/imports")]
