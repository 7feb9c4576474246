"""What the world is told of a closed run: an EventBridge event for programs, an SNS message for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from listrak_relay.adapters.aws.errors import aws_errors, refusal
from listrak_relay.domain.report import sentences
from listrak_relay.domain.report.words import outcome_name
from listrak_relay.domain.values.counted import counted

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_sns import SNSClient

SOURCE = "listrak-relay"
DETAIL_TYPE = "Listrak Relay Run Closed"

_MAX_BYTES = 200_000  # an SNS message holds 262,144 bytes, and the readable part comes on top
_REMEMBERED = 1_000  # ends of runs of which only the event was sent
_MAX_SUBJECT = 100  # SNS: ASCII characters, no control characters
_BULKY = ("chunks", "notes", "reasons")
"""Parts of the report that an announcement may leave out, the bulkiest first; the report in the WorkBucket has all."""


class EventBridgeSnsAnnouncer:
    """`ports.messaging.Announcer`. The event goes first; if the message then fails, a repeat sends that alone, as far
    as this process remembers the event, else both. ``stack``: its name, for the command that opens the report."""

    def __init__(
        self, event_bus: str, events: EventBridgeClient, topic_arn: str, sns: SNSClient, *, stack: str
    ) -> None:
        self._stack = stack
        self._event_bus = event_bus
        self._events = events
        self._topic_arn = topic_arn
        self._sns = sns
        self._half_told: dict[str, None] = {}

    def announce(self, report: Mapping[str, Any]) -> None:
        detail = _small_enough(report)
        end = json.dumps([report["run_id"], report["status"], report["counts"]], sort_keys=True)
        if end not in self._half_told:
            self._put_event(detail)
            self._half_told[end] = None
            if len(self._half_told) > _REMEMBERED:
                del self._half_told[next(iter(self._half_told))]
        with aws_errors(f"publishing to {self._topic_arn}"):
            self._sns.publish(
                TopicArn=self._topic_arn,
                Subject=subject(report),
                Message=f"{text(report, self._stack, self._topic_arn.split(':')[3])}\n\n{detail}\n",
            )
        del self._half_told[end]

    def _put_event(self, detail: str) -> None:
        doing = f"putting an event on bus {self._event_bus}"
        with aws_errors(doing):
            answer = self._events.put_events(
                Entries=[
                    {"Source": SOURCE, "DetailType": DETAIL_TYPE, "Detail": detail, "EventBusName": self._event_bus}
                ]
            )
        if answer["FailedEntryCount"]:
            raise refusal(doing, answer["Entries"][0].get("ErrorCode", "an error without a code"))


def subject(report: Mapping[str, Any]) -> str:
    """Such as ``ATTENTION 171 of 350 rows were not delivered: … (email/vip, COMPLETED)``, in what SNS takes."""
    line = "".join(character if " " <= character <= "~" else "?" for character in sentences.subject(report))
    return line if len(line) <= _MAX_SUBJECT else f"{line[: _MAX_SUBJECT - 3]}..."


_TOLD = (sentences.done_sentence, sentences.place_sentence, sentences.made_sentence)


def text(report: Mapping[str, Any], stack: str, region: str) -> str:
    """The counts and what needs a person, in lines."""
    file = report["file"]
    lines = [
        f"{sentences.headline(report)}.",
        *filter(None, [told(report) for told in _TOLD]),
        "",
        f"{report['status']}: {sentences.where(report)}",
        f"File: s3://{file['bucket']}/{file['key']} (version {file['version_id'] or 'none'})",
        f"Run: {report['run_id']}",
        f"Open the report: {sentences.open_command(report, stack, region)}",
    ]
    if again := sentences.after_mending(report, f" --stack {stack} --region {region}"):
        lines.append(again)
    if report["attention"]:
        lines += ["", "Needs attention:", *(f"- {sentence}" for sentence in report["attention"])]
    if remarks := sentences.feed_sentences(report["notes"]):
        lines += ["", *remarks]
    if report.get("consent"):
        lines += ["", report["consent"]]
    if audience := report.get("audience_size"):
        lines += ["", "Audience: {before:,} before, {new:,} new, {gone:,} gone, {now:,} now".format_map(audience)]
    if report.get("problem") and report["problem"] not in report["attention"]:
        lines += ["", f"Problem: {report['problem']}"]
    if report["counts"]["read"]:
        lines += ["", *(_count(outcome_name(name), number) for name, number in report["counts"].items())]
        lines += ["Every row is accounted for." if report["balanced"] else "The counts DO NOT add up to the rows read."]
    if report["reasons"]:
        for who, found in sentences.to_mend(report).items():
            lines += ["", f"{who.heading}:"]
            lines += [f"- {counted(rows, 'row')}: {words} ({code})" for rows, words, code in found]
    return "\n".join(lines)


def _count(name: str, number: int | None) -> str:
    return f"{name:<32}{'unknown' if number is None else format(number, ','):>14}"


def _small_enough(report: Mapping[str, Any]) -> str:
    kept = dict(report)
    for name in _BULKY:
        written = json.dumps(kept, ensure_ascii=False)
        if len(written.encode()) <= _MAX_BYTES:
            return written
        kept.pop(name, None)
    return json.dumps(kept, ensure_ascii=False)
