"""The announcement of a closed run, as those who subscribed to it receive it."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from listrak_relay.adapters.aws.announcer import DETAIL_TYPE, SOURCE, EventBridgeSnsAnnouncer
from listrak_relay.errors import ConfigurationError, RetryableError
from tests.support.aws.emulator import Emulator
from tests.support.runs.reports import a_report


@pytest.fixture
def topic(emulator: Emulator) -> str:
    return emulator.sns.create_topic(Name=f"notices-{uuid.uuid4().hex}")["TopicArn"]


def arn_of(emulator: Emulator, queue_url: str) -> str:
    answer = emulator.sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    return answer["Attributes"]["QueueArn"]


def received(emulator: Emulator, queue_url: str) -> dict[str, Any]:
    messages = emulator.sqs.receive_message(QueueUrl=queue_url)["Messages"]
    content: dict[str, Any] = json.loads(messages[0]["Body"])
    return content


def test_programs_get_an_event_with_the_report(emulator: Emulator, queue_url: str, topic: str) -> None:
    rule = f"closed-{uuid.uuid4().hex}"
    emulator.events.put_rule(Name=rule, EventPattern=json.dumps({"source": [SOURCE], "detail-type": [DETAIL_TYPE]}))
    emulator.events.put_targets(Rule=rule, Targets=[{"Id": "queue", "Arn": arn_of(emulator, queue_url)}])

    EventBridgeSnsAnnouncer("default", emulator.events, topic, emulator.sns, stack="relay").announce(a_report())

    assert received(emulator, queue_url)["detail"] == a_report()
    emulator.events.remove_targets(Rule=rule, Ids=["queue"])
    emulator.events.delete_rule(Name=rule)


def test_people_get_the_counts_in_words_and_the_report_below(emulator: Emulator, queue_url: str, topic: str) -> None:
    emulator.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn_of(emulator, queue_url))

    EventBridgeSnsAnnouncer("default", emulator.events, topic, emulator.sns, stack="relay").announce(a_report())

    notice = received(emulator, queue_url)
    assert notice["Subject"].startswith("3 of 1,000 rows were not delivered: ")
    text, _, report = notice["Message"].partition("\n\n{")
    assert "email_invalid" in text
    assert json.loads("{" + report) == a_report()


def test_a_run_of_thousands_of_chunks_is_announced_without_them(emulator: Emulator, queue_url: str, topic: str) -> None:
    emulator.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn_of(emulator, queue_url))
    chunks = [{"chunk_id": f"subscribe-{n:04d}", "rows": 1_000, "state": "SETTLED"} for n in range(10_000)]

    EventBridgeSnsAnnouncer("default", emulator.events, topic, emulator.sns, stack="relay").announce(
        a_report(chunks=chunks)
    )

    _, _, report = received(emulator, queue_url)["Message"].partition("\n\n{")
    assert json.loads("{" + report) == {name: value for name, value in a_report().items() if name != "chunks"}


def test_a_missing_topic_is_a_fault_of_the_settings(emulator: Emulator, topic: str) -> None:
    announcer = EventBridgeSnsAnnouncer("default", emulator.events, f"{topic}-that-is-not", emulator.sns, stack="relay")

    with pytest.raises(ConfigurationError) as raised:
        announcer.announce(a_report())
    assert raised.value.code == "aws_resource_missing"


def test_an_event_that_was_not_taken_is_an_error_though_the_answer_is_200(emulator: Emulator, topic: str) -> None:
    class PickyEvents:
        def put_events(self, Entries: list[Any]) -> dict[str, Any]:  # noqa: N803
            return {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure", "ErrorMessage": "sorry"}]}

    announcer = EventBridgeSnsAnnouncer("default", PickyEvents(), topic, emulator.sns, stack="relay")  # type: ignore[arg-type]

    with pytest.raises(RetryableError, match="InternalFailure"):
        announcer.announce(a_report())


def test_after_a_message_that_failed_the_event_is_not_sent_again(emulator: Emulator, topic: str) -> None:
    class Counting:
        events = 0

        def put_events(self, **call: Any) -> Any:
            self.events += 1
            return emulator.events.put_events(**call)

    class Failing:
        def publish(self, **call: Any) -> Any:
            raise EndpointConnectionError(endpoint_url="https://sns.example.com")

    counting: Any = Counting()
    failing: Any = Failing()
    announcer = EventBridgeSnsAnnouncer("default", counting, topic, failing, stack="relay")
    for _ in range(3):
        with pytest.raises(RetryableError):
            announcer.announce(a_report())

    assert counting.events == 1
