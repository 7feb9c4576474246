"""What calls are called, and which of them go wrong."""

from __future__ import annotations

import pytest

from tests.support.road.exchange import Heard
from tests.support.road.points import CallPoint, Fault, every_fault
from tests.support.road.road import Road

SIGNED = "AWS4-HMAC-SHA256 Credential=AKIA/20261129/us-east-1/{}/aws4_request, SignedHeaders=host, Signature=0"


def heard(method: str, target: str, service: str = "", body: bytes = b"", **headers: str) -> Heard:
    signed = [("Authorization", SIGNED.format(service))] if service else []
    return Heard(method, target, [*signed, *((name.replace("_", "-"), value) for name, value in headers.items())], body)


@pytest.mark.parametrize(
    ("call", "service", "operation"),
    [
        (heard("POST", "/", "dynamodb", X_Amz_Target="DynamoDB_20120810.PutItem"), "dynamodb", "PutItem"),
        (heard("POST", "/", "sqs", X_Amz_Target="AmazonSQS.SendMessageBatch"), "sqs", "SendMessageBatch"),
        (heard("POST", "/", "sns", b"Action=Publish&TopicArn=arn"), "sns", "Publish"),
        (
            heard("GET", "/work/runs/email-0123456789abcdef/report.json?versionId=abc", "s3"),
            "s3",
            "GET /work/runs/…/report.json",
        ),
        (heard("POST", "/work/chunks/x.csv?uploads", "s3"), "s3", "POST /work/chunks/x.csv uploads"),
        (heard("GET", "/email/v1/List/345/Contact/ada%40example.com"), "listrak", "GET /email/v1/List/…/Contact/…"),
        (
            heard("DELETE", "/sms/v1/ShortCode/55/ContactUnsubscribe/12125551001/PhoneList/5"),
            "listrak",
            "DELETE /sms/v1/ShortCode/…/ContactUnsubscribe/…/PhoneList/…",
        ),
        (heard("POST", "/OAuth2/Token", body=b"client_id=a"), "listrak", "POST /OAuth2/Token"),
    ],
)
def test_a_call_is_called_the_same_in_each_run(call: Heard, service: str, operation: str) -> None:
    assert (call.service, call.operation) == (service, operation)


def test_a_fault_strikes_the_call_with_its_number_and_as_many_as_it_is_to_strike_in_a_row() -> None:
    road, call = Road(), heard("GET", "/email/v1/List")
    point = CallPoint("deliver_email", "listrak", call.operation, 1)
    fault = Fault(point, "500", after=False, times=2)
    road.begin([fault])

    met = [road.next("deliver_email", call) for _ in range(4)]

    assert met == [None, fault, fault, None]
    assert road.struck == [fault, fault]
    assert road.taken == [CallPoint("deliver_email", "listrak", call.operation, number) for number in range(4)]


def test_a_call_of_another_function_is_another_call() -> None:
    road, call = Road(), heard("GET", "/email/v1/List")
    road.begin([Fault(CallPoint("deliver_email", "listrak", call.operation, 0), "500", after=False)])

    assert road.next("monitor_import", call) is None


def test_a_mended_road_lets_everything_pass() -> None:
    road, call = Road(), heard("GET", "/email/v1/List")
    road.begin([Fault(CallPoint("deliver_email", "listrak", call.operation, 0), "500", after=False, times=9)])

    road.mend()

    assert road.next("deliver_email", call) is None


def test_each_point_meets_what_its_service_can_do_and_no_more() -> None:
    listrak = CallPoint("deliver_email", "listrak", "GET /email", 0)
    batch = CallPoint("close_run", "sqs", "SendMessageBatch", 0)

    there_are = every_fault([listrak, batch])

    of_listrak = {fault.kind for fault in there_are if fault.point == listrak}
    of_the_batch = {fault.kind for fault in there_are if fault.point == batch}
    assert of_listrak & of_the_batch == {"killed", "reset", "silence", "drip", "half an answer"}
    assert "part of a batch" in of_the_batch
    assert {"404", "a thousand deep", "429, wait an hour"} <= of_listrak
    assert [fault.after for fault in there_are if fault.kind == "killed"] == [False, True] * 2
