"""One run of each kind with a Listrak whose answers make no sense, for as long as anything could come of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.errors import describe
from listrak_relay.use_cases.runs.consuming import DeliverAgainError, ReceivedMessage
from tests.support.fakes import FakeClock
from tests.support.listrak.contract.any_listrak import AnyListrak, Oddity
from tests.support.runs.faulted import EMAIL_ROWS, SMS_ROWS, Way, email_rows, sms_rows
from tests.support.runs.relay import Relay
from tests.support.runs.simulated import relay_over
from tests.support.runs.sms_relay import TIER

DAYS, DAYS_AFTER_RETURN = 16, 3
"""An import that was given up is asked after for two weeks."""

HOURS_OF_RETURNED = 24
"""After which a dead letter that was returned has ended once more: it may wait for half of them, and is tried ten
times."""

MOST_CHANGES = 60
"""Calls that may change something: each row is tried for as often as its message is handed out, imports a few times."""

MOST_QUESTIONS = 5_000
"""Two a minute while a message waits for a Listrak that is away, twice for twelve hours."""

_COUNTS = ("alreadySubscribed", "alreadyUnsubscribed", "banned", "invalidEmail", "previouslyUnsubscribed", "skipped")
KNOWN: Mapping[str, list[Any]] = {
    "listName": ["Master List"],
    "listId": [345],
    "segmentationFieldGroupName": ["Amperity Message Attributes"],
    "segmentationFieldGroupId": [7, 8],
    "segmentationFieldName": ["vip", "City", "Loyalty Tier"],
    "segmentationFieldId": [70, 71, 72],
    "dataType": ["CheckBox", "Text"],
    "maxLength": [20, 255],
    "emailAddress": [who for _, who in EMAIL_ROWS],
    "subscriptionState": ["Subscribed", "Unsubscribed", "Pending"],
    "value": ["on", "off", "Lititz"],
    "resourceId": [1, 2, 3],
    "importFileId": [1, 2, 3],
    "importResult": ["Subscribed", "Banned", "AlreadySubscribed", "PreviouslyUnsubscribed", "of next year"],
    "status": ["Complete", "Completed", "Processing", "Failed", "active", "of next year"],
    "processedCount": [2, 3, 5],
    **{f"{name}Count": [0, 1, 2] for name in (*_COUNTS, "subscribed", "suppressed", "unsubscribed")},
    "phoneNumber": [who.lstrip("+") for _, who in SMS_ROWS],
    "code": ["71755"],
    "shortCodeId": [55],
    "country": ["US"],
    "phoneListName": ["Master List"],
    "phoneListId": [5501],
}


def violations_with_any_answers(way: Way, seed: str) -> list[str]:
    """What is not as it has to be whatever Listrak says, empty if all is well."""
    chance, clock = random.Random(seed), FakeClock()
    listrak = AnyListrak(chance, Oddity.drawn(chance), KNOWN)
    sms = way.channel is Channel.SMS
    values = {**way.values, "sender_code": "71755"} if sms else way.values
    relay = relay_over(
        listrak,
        "http://listrak.example",
        clock,
        way.channel,
        breaks=True,
        small_chunk_rows=way.small_chunk_rows,
        side_by_side=1,
        **values,
    )
    found: list[str] = []
    relay.consumers = {queue: _watched(consumer, found) for queue, consumer in relay.consumers.items()}
    if sms:
        relay.reader.columns = (TIER,)
    rows = sms_rows(SMS_ROWS, "gold") if sms else email_rows(EMAIL_ROWS)
    source = relay.drop(rows, "sms/texts/file.csv" if sms else "email/vip/file.csv")

    found += _followed(relay, source, listrak, DAYS)
    relay.redrive()
    found += _followed(relay, source, listrak, DAYS_AFTER_RETURN, HOURS_OF_RETURNED)
    if len(listrak.changes) > MOST_CHANGES:
        found.append(f"{len(listrak.changes)} calls that may change something: {listrak.changes}")
    if listrak.asked > MOST_QUESTIONS:
        found.append(f"{listrak.asked} calls")
    return found


def _watched(consumer: Callable[[ReceivedMessage], str], found: list[str]) -> Callable[[ReceivedMessage], str]:
    def consume(delivery: ReceivedMessage) -> str:
        try:
            word = consumer(delivery)
        except DeliverAgainError:
            raise
        except Exception as error:
            found.append(describe(error))
            raise
        if "unexpected" in word:
            found.append(word)
        return word

    return consume


def _followed(
    relay: Relay, source: DroppedFile, listrak: AnyListrak, days: int, hours_on_its_way: int = 0
) -> Iterator[str]:
    """Hour by hour. After the run has ended nothing of it may be sent, but of what was returned in so many hours."""
    sent_by_its_end: int | None = None
    for hour in range(days * 24):
        next_hour = relay.clock.now() + 3600
        relay.run_to_end(hours=1)
        if failed := relay.sweep().failed:
            yield f"the sweep failed: {failed}"
        relay.clock.advance(max(0.0, next_hour - relay.clock.now()))
        if sent_by_its_end is None and hour >= hours_on_its_way and relay.ledger.get_run(source.run_id).status.final:
            sent_by_its_end = len(listrak.changes)
    run = relay.ledger.get_run(source.run_id)
    if not run.status.final:
        yield f"the run is {run.status} after {days} days"
        return
    if late := listrak.changes[sent_by_its_end:]:
        yield f"sent after the run's end: {late}"
    yield from _of_report(relay.report(source))


def _of_report(report: Mapping[str, Any]) -> Iterator[str]:
    if min([0, *report["counts"].values(), *report["reasons"].values()]) < 0:
        yield f"a count is negative: {report['counts']}, {report['reasons']}"
    if report["status"] != "COMPLETED" and not report["problem"]:
        yield f"it is {report['status']} and nothing says why: {report['counts']}"
    if report["status"] == "COMPLETED" and not report["balanced"]:
        yield f"the sum does not come out even: {report['counts']}"
