"""The local stack against a small template whose code does what it is told: each rule of Lambda, SQS and S3 in turn."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.errors import LocalStackError
from local.stack import LocalStack, StackOptions
from local.triggers.triggers import TriggerOptions
from tests.support.paths import SMALL_STACK
from tests.support.waiting import eventually

TEMPLATE = SMALL_STACK / "template.yaml"
Seen = dict[str, Any]


class Small:
    """The small stack, and what its code wrote down."""

    def __init__(self, stack: LocalStack) -> None:
        self.stack = stack
        self._bucket = stack.client.address.work_bucket
        self._bodies: dict[str, str] = {}

    def send(self, queue: str, *orders: dict[str, Any]) -> list[str]:
        """Returns message ids."""
        url = self.url(queue)
        return [
            self.stack.aws.sqs.send_message(QueueUrl=url, MessageBody=json.dumps(order))["MessageId"]
            for order in orders
        ]

    def url(self, queue: str) -> str:
        queues = self.stack.aws.sqs.list_queues()["QueueUrls"]
        return next(url for url in queues if f"-{queue}-" in url)

    def seen(self, marker: str) -> list[Seen]:
        """Invocations whose event holds the marker, oldest first."""
        listed = self.stack.s3.list_objects_v2(Bucket=self._bucket, Prefix="seen/").get("Contents", [])
        for key in (found["Key"] for found in listed if found["Key"] not in self._bodies):
            self._bodies[key] = self.stack.s3.get_object(Bucket=self._bucket, Key=key)["Body"].read().decode()
        return [json.loads(body) for _, body in sorted(self._bodies.items()) if marker in body]

    def wait_for(self, marker: str, times: int = 1, seconds: float = 20) -> list[Seen]:
        eventually(lambda: len(self.seen(marker)) >= times, seconds, f"invocation {times} with {marker}")
        return self.seen(marker)

    def wait_until_empty(self, queue: str) -> None:
        eventually(lambda: self.stack.queues.depths()[queue] == 0, what=f"an empty {queue}")

    def errors(self, request_id: str) -> list[str | None]:
        return [record.error for record in self.stack.invocations if record.request_id == request_id]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    options = StackOptions(template=TEMPLATE, triggers=TriggerOptions(crash_visibility=1, hurry=600))
    with LocalStack(tmp_path_factory.mktemp("local"), options) as stack:
        yield Small(stack)
        stack.check()


def test_a_message_reaches_the_function_as_lambda_would_bring_it(small: Small) -> None:
    (message_id,) = small.send("WorkQueue", {"do": "ok", "mark": "shape"})

    (seen,) = small.wait_for('"shape')

    (record,) = seen["event"]["Records"]
    assert record["messageId"] == message_id
    assert json.loads(record["body"]) == {"do": "ok", "mark": "shape"}
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"].startswith("arn:aws:sqs:us-east-1:")
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert 0 < seen["remaining_ms"] <= 2_000
    assert seen["arn"].endswith(seen["function"])
    small.wait_until_empty("WorkQueue")


def test_a_process_gets_the_environment_of_the_template_and_nothing_of_ours(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRIVATE_TO_THE_PERSON", "yes")
    small.stack.function("Worker").forget_warm_processes()

    small.send("WorkQueue", {"do": "ok", "mark": "environment"})

    (seen,) = small.wait_for('"environment\\"')
    environment = seen["environment"]
    assert environment["WORK_BUCKET"] == small.stack.client.address.work_bucket
    assert environment["LISTRAK_EMAIL_URL"] == small.stack.simulator.email_url
    assert environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    assert environment["LAMBDA_TASK_ROOT"] == seen["folder"] == str(TEMPLATE.parent / "functions/worker")
    assert "PRIVATE_TO_THE_PERSON" not in environment
    assert environment["AWS_ACCESS_KEY_ID"].startswith("ASIA")


def test_a_process_is_used_again(small: Small) -> None:
    small.stack.function("Worker").forget_warm_processes()
    small.send("WorkQueue", {"do": "ok", "mark": "first of a process"})
    (first,) = small.wait_for("first of a process")
    small.wait_until_empty("WorkQueue")

    small.send("WorkQueue", {"do": "ok", "mark": "second of a process"})

    (second,) = small.wait_for("second of a process")
    assert second["pid"] == first["pid"]
    assert second["invocation_of_process"] == first["invocation_of_process"] + 1


def test_a_process_that_runs_too_long_is_killed_and_its_message_comes_back(small: Small) -> None:
    small.send("WorkQueue", {"do": "hang", "once": True, "mark": "too long"})

    attempts = small.wait_for("too long", times=2)

    assert attempts[1]["pid"] != attempts[0]["pid"]
    assert attempts[1]["event"]["Records"][0]["attributes"]["ApproximateReceiveCount"] == "2"
    assert attempts[1]["at"] - attempts[0]["at"] >= 2
    assert small.errors(attempts[0]["request_id"]) == ["Sandbox.Timedout"]
    small.wait_until_empty("WorkQueue")


@pytest.mark.parametrize(
    ("order", "error"), [("crash", "Runtime.ExitError"), ("exit", "Runtime.ExitError"), ("fail", "ValueError")]
)
def test_a_message_that_always_fails_ends_in_the_dead_letter_queue(small: Small, order: str, error: str) -> None:
    before = small.stack.queues.depths()["DeadLetterQueue"]
    small.send("WorkQueue", {"do": order, "mark": f"always {order}"})

    eventually(lambda: small.stack.queues.depths()["DeadLetterQueue"] == before + 1, what="the dead letter")

    attempts = small.seen(f"always {order}")
    assert len(attempts) == 3
    assert [small.errors(attempt["request_id"]) for attempt in attempts] == [[error]] * 3


def test_a_message_that_fails_once_is_done_the_second_time(small: Small) -> None:
    small.send("WorkQueue", {"do": "fail", "once": True, "mark": "only once"})

    small.wait_for("only once", times=2)

    small.wait_until_empty("WorkQueue")
    assert len(small.seen("only once")) == 2


def test_of_a_batch_only_the_failures_named_come_back(small: Small) -> None:
    marks = [f"member {number}" for number in range(3)]
    small.send(
        "BatchQueue", *({"do": "partial" if mark == "member 1" else "ok", "once": True, "mark": mark} for mark in marks)
    )

    small.wait_for("member 1", times=2)

    assert len(small.seen("member 0")) == len(small.seen("member 2")) == 1
    small.wait_until_empty("BatchQueue")


def test_a_result_that_names_an_unknown_message_fails_the_whole_batch(small: Small) -> None:
    small.send(
        "BatchQueue",
        {"do": "partial nonsense", "once": True, "mark": "nonsense"},
        {"do": "ok", "mark": "beside nonsense"},
    )

    small.wait_for("beside nonsense", times=2)

    small.wait_until_empty("BatchQueue")


def test_a_batch_is_filled_up_to_its_size_within_its_window(small: Small) -> None:
    small.send("BatchQueue", *({"do": "ok", "mark": "crowd"} for _ in range(12)))

    small.wait_for("crowd")

    small.wait_until_empty("BatchQueue")
    assert [len(seen["event"]["Records"]) for seen in small.seen("crowd")] == [12]


def test_a_message_whose_wait_the_handler_chose_comes_back_then(small: Small) -> None:
    small.send("WorkQueue", {"do": "come back", "once": True, "seconds": 4, "mark": "chosen wait"})

    first, second = small.wait_for("chosen wait", times=2)[:2]

    assert second["at"] - first["at"] >= 3.9  # the stack's own wait is 1 s
    small.wait_until_empty("WorkQueue")


def test_without_partial_failures_in_the_mapping_the_list_is_ignored(small: Small) -> None:
    small.send("CarelessQueue", {"do": "partial", "mark": "ignored list"})

    small.wait_for("ignored list")

    small.wait_until_empty("CarelessQueue")
    assert len(small.seen("ignored list")) == 1


def test_no_more_invocations_at_once_than_the_mapping_allows(small: Small) -> None:
    small.send("WorkQueue", *({"do": "hang", "seconds": 1.5, "mark": "at once"} for _ in range(6)))

    most = 0

    def done() -> bool:
        nonlocal most
        most = max(most, small.stack.function("Worker").running)
        return len(small.seen("at once")) == 6

    eventually(done)
    small.wait_until_empty("WorkQueue")
    assert most == 2


def test_a_killed_process_is_replaced(small: Small) -> None:
    small.send("WorkQueue", {"do": "hang", "seconds": 4, "mark": "killed from outside"})
    small.wait_for("killed from outside")

    assert small.stack.kill("Worker") == 1

    attempts = small.wait_for("killed from outside", times=2)
    assert attempts[0]["pid"] != attempts[1]["pid"]
    assert small.errors(attempts[0]["request_id"]) == ["Runtime.ExitError"]
    small.wait_until_empty("WorkQueue")


def test_a_dropped_object_reaches_the_function_with_its_version(small: Small) -> None:
    dropped = small.stack.drop("ok/größe 1+1/list one.txt", b"abc")

    (seen,) = small.wait_for(dropped.version_id)

    (record,) = seen["event"]["Records"]
    assert record["s3"]["object"]["key"] == "ok/gr%C3%B6%C3%9Fe+1%2B1/list+one.txt"
    assert record["s3"]["object"]["size"] == 3
    assert record["s3"]["bucket"]["name"] == small.stack.client.address.drop_bucket
    assert {"awsRegion", "eventTime", "userIdentity", "requestParameters", "responseElements"} <= set(record)
    assert record["eventName"] == "ObjectCreated:Put"
    assert int(record["s3"]["object"]["sequencer"], 16) > 0


def test_a_multipart_upload_is_one_event(small: Small) -> None:
    bucket = small.stack.client.address.drop_bucket
    upload = small.stack.s3.create_multipart_upload(Bucket=bucket, Key="ok/multi.txt")["UploadId"]
    part = small.stack.s3.upload_part(Bucket=bucket, Key="ok/multi.txt", UploadId=upload, PartNumber=1, Body=b"abc")
    small.stack.s3.complete_multipart_upload(
        Bucket=bucket,
        Key="ok/multi.txt",
        UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
    )
    small.stack.drop("ok/after multi.txt", b"abc")

    small.wait_for("after+multi")

    (seen,) = small.seen("ok/multi.txt")
    assert seen["event"]["Records"][0]["eventName"] == "ObjectCreated:CompleteMultipartUpload"


def test_an_object_that_the_filter_passes_over_invokes_nothing(small: Small) -> None:
    small.stack.drop("ok/passed over.csv", b"abc")
    small.stack.drop("ok/after passed over.txt", b"abc")

    small.wait_for("after+passed+over")

    assert not small.seen("passed+over.csv")


def test_an_event_that_fails_is_tried_three_times_and_then_kept_with_all_that_is_known(small: Small) -> None:
    dropped = small.stack.drop("fail/for ever.txt", b"abc")

    url = small.url("FailureQueue")
    (message,) = eventually(
        lambda: small.stack.aws.sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1).get("Messages"), what="the failure"
    )

    kept = json.loads(message["Body"])
    attempts = small.seen(dropped.version_id)
    assert len({attempt["request_id"] for attempt in attempts}) == 1
    assert len(attempts) == 3
    assert kept["version"] == "1.0"
    assert kept["requestContext"]["requestId"] == attempts[0]["request_id"]
    assert kept["requestContext"]["condition"] == "RetriesExhausted"
    assert kept["requestContext"]["approximateInvokeCount"] == 3
    assert kept["requestContext"]["functionArn"].endswith(":$LATEST")
    assert kept["requestPayload"] == attempts[0]["event"]
    assert kept["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"}
    assert kept["responsePayload"]["errorType"] == "ValueError"


def invoked(small: Small, order: str, **named: Any) -> tuple[str | None, Any]:
    """By Lambda's own call: the kind of error, if there was one, and what the function gave."""
    record = {"messageId": "1", "body": json.dumps({"do": order}), "attributes": {"ApproximateReceiveCount": "1"}}
    name = small.stack.function("Worker").settings.arn
    payload = json.dumps({"Records": [record]}).encode()
    answer = small.stack.aws.lambda_.invoke(**{"FunctionName": name, "Payload": payload} | named)
    return answer.get("FunctionError"), json.loads(answer["Payload"].read())


def test_a_function_can_be_invoked_by_anyone_who_speaks_to_the_emulator(small: Small) -> None:
    assert invoked(small, "partial") == (None, {"batchItemFailures": [{"itemIdentifier": "1"}]})


def test_whoever_invokes_hears_of_what_the_function_raised(small: Small) -> None:
    kind, payload = invoked(small, "fail")

    assert kind == "Unhandled"
    assert (payload["errorType"], payload["errorMessage"]) == ("ValueError", "as ordered")


@pytest.mark.parametrize(
    ("named", "error"),
    [
        ({"FunctionName": "nobody"}, "ResourceNotFoundException"),
        ({"InvocationType": "Event"}, "InvalidParameterValueException"),
        ({"Payload": b"{"}, "InvalidRequestContentException"),
    ],
)
def test_an_invocation_that_cannot_be_is_refused_as_lambda_does(
    small: Small, named: dict[str, Any], error: str
) -> None:
    with pytest.raises(ClientError, match=error):
        invoked(small, "ok", **named)


def test_a_schedule_invokes_its_function(small: Small) -> None:
    small.stack.run_schedules()

    (seen,) = small.wait_for("Scheduled Event")

    assert seen["event"]["source"] == "aws.events"
    assert seen["event"]["resources"][0].startswith("arn:aws:events:")


def test_messages_sent_while_others_are_deleted_are_all_there(small: Small) -> None:
    small.send("WorkQueue", *({"do": "ok", "mark": "many", "number": number} for number in range(60)))

    eventually(lambda: len(small.seen('"many')) >= 60, seconds=30)

    numbers = sorted(json.loads(seen["event"]["Records"][0]["body"])["number"] for seen in small.seen('"many'))
    assert numbers == list(range(60))


def test_what_a_function_prints_is_in_its_log(small: Small) -> None:
    small.send("WorkQueue", {"do": "ok", "mark": "logged"})
    (seen,) = small.wait_for('"logged')

    log = small.stack.function("Worker").log_path

    eventually(lambda: f"END RequestId: {seen['request_id']}" in log.read_text())


def test_the_seventeenth_invocation_of_a_function_by_what_it_sent_itself_is_refused(small: Small) -> None:
    dead = small.stack.queues.depths()["DeadLetterQueue"]
    small.send("LoopQueue", {"do": "again", "times": 20, "mark": "loop"})

    eventually(lambda: small.stack.queues.depths()["DeadLetterQueue"] == dead + 1, 40, "the message that was refused")

    assert len(small.seen('"loop')) == 16
    refused = [record for record in small.stack.invocations if record.error == "RecursiveInvocationException"]
    assert [record.function for record in refused] == ["Looping", "Looping"]  # as often as it was received


def test_a_function_that_may_loop_goes_on(small: Small) -> None:
    small.send("EndlessQueue", {"do": "again", "times": 20, "mark": "endless"})

    small.wait_for("endless", times=20, seconds=40)


def test_messages_that_a_person_sends_are_no_loop(small: Small) -> None:
    small.send("LoopQueue", *({"do": "again", "times": 2, "mark": "short"} for _ in range(10)))

    small.wait_for("short", times=20, seconds=40)


def test_what_a_killed_process_left_is_found_by_the_next_one_of_its_environment(small: Small) -> None:
    small.stack.function("Worker").forget_warm_processes()

    small.send("WorkQueue", {"do": "leave and crash", "once": True, "mark": "leftovers"})

    first, second = small.wait_for("leftovers", times=2)
    assert first["pid"] != second["pid"]
    assert "left by leftovers" not in first["temporary_files"]
    assert "left by leftovers" in second["temporary_files"]
    small.wait_until_empty("WorkQueue")


def test_of_a_process_that_was_killed_while_it_had_nothing_to_do_no_thread_is_left(small: Small) -> None:
    worker = small.stack.function("Worker")
    worker.forget_warm_processes()
    threads = []
    for turn in range(3):
        small.send("WorkQueue", {"do": "ok", "mark": f"killed in turn {turn}"})
        small.wait_for(f"killed in turn {turn}")
        small.wait_until_empty("WorkQueue")
        threads.append(_serving())
        for pid in worker.pids:
            os.kill(pid, signal.SIGKILL)

    assert threads == [threads[0]] * 3


def _serving() -> int:
    """Threads in which a process of a function is answered."""
    return sum("serve_forever" in thread.name for thread in threading.enumerate())


def test_a_new_environment_has_an_empty_temporary_folder(small: Small) -> None:
    small.send("WorkQueue", {"do": "leave and crash", "once": True, "mark": "left elsewhere"})
    small.wait_for("left elsewhere", times=2)
    small.wait_until_empty("WorkQueue")
    small.stack.function("Worker").forget_warm_processes()

    small.send("WorkQueue", {"do": "ok", "mark": "new environment"})

    (seen,) = small.wait_for("new environment")
    assert not any(name.startswith("left by") for name in seen["temporary_files"])


def test_a_result_that_is_too_large_is_an_error(small: Small) -> None:
    record = {"messageId": "1", "body": json.dumps({"do": "large result", "size": 6_291_555}), "attributes": {}}

    outcome = small.stack.invoke("Worker", {"Records": [record]})

    assert outcome.failed
    assert outcome.payload["errorType"] == "Function.ResponseSizeTooLarge"


def test_an_invocation_with_too_large_a_payload_is_refused(small: Small) -> None:
    with pytest.raises(ClientError, match="too large for the RequestResponse invocation type"):
        invoked(small, "ok", Payload=json.dumps({"Records": [], "filler": "x" * 6_291_456}).encode())


def test_a_function_with_reserved_concurrency_is_throttled_and_its_messages_wait(small: Small) -> None:
    orders = [{"do": "hang", "seconds": 0.5, "mark": "narrow"} for _ in range(3)]
    small.send("NarrowQueue", *orders)
    small.wait_for("narrow")

    with pytest.raises(ClientError, match="TooManyRequestsException"):
        invoked(small, "ok", FunctionName=small.stack.function("Narrow").settings.arn)

    attempts = small.wait_for("narrow", times=3)
    small.wait_until_empty("NarrowQueue")
    received = [attempt["event"]["Records"][0]["attributes"]["ApproximateReceiveCount"] for attempt in attempts]
    assert received == ["1"] * 3


def received(small: Small, queue: str, mark: str) -> str:
    """Receipt handle of a message that this test alone has received."""
    small.send(queue, {"mark": mark})
    answer = small.stack.aws.sqs.receive_message(QueueUrl=small.url(queue), VisibilityTimeout=60, WaitTimeSeconds=5)
    return answer["Messages"][0]["ReceiptHandle"]


def test_a_message_cannot_be_hidden_for_more_than_twelve_hours_since_it_was_received(small: Small) -> None:
    receipt = received(small, "FailureQueue", "hidden")
    url, sqs = small.url("FailureQueue"), small.stack.aws.sqs

    with pytest.raises(ClientError, match=r"InvalidParameterValue.*beyond the limit"):
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=43_200)

    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=43_000)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=receipt)


def test_a_message_that_is_visible_again_cannot_be_hidden(small: Small) -> None:
    receipt = received(small, "FailureQueue", "visible")
    url, sqs = small.url("FailureQueue"), small.stack.aws.sqs
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=0)

    with pytest.raises(ClientError, match=r"InvalidParameterValue.*not available for visibility timeout change"):
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=60)

    sqs.delete_message(QueueUrl=url, ReceiptHandle=receipt)


@pytest.mark.parametrize(
    ("body", "error"),
    [("a\x00b", "InvalidMessageContents"), ("\ufffe", "InvalidMessageContents"), ("é" * 524_289, "must be shorter")],
    ids=["control character", "no character", "too many bytes"],
)
def test_a_message_that_sqs_would_not_take_is_refused(small: Small, body: str, error: str) -> None:
    with pytest.raises(ClientError, match=error):
        small.stack.aws.sqs.send_message(QueueUrl=small.url("FailureQueue"), MessageBody=body)


def test_dead_letters_are_moved_back_by_the_call_of_aws(small: Small) -> None:
    small.send("WorkQueue", {"do": "fail", "mark": "to be moved"})
    small.wait_for("to be moved", 3)
    small.wait_until_empty("WorkQueue")
    dead, work = small.stack.queues.arn("DeadLetterQueue"), small.stack.queues.arn("WorkQueue")

    small.stack.aws.sqs.start_message_move_task(SourceArn=dead, DestinationArn=work)

    moved = small.wait_for("to be moved", 4)[3]
    assert moved["event"]["Records"][0]["attributes"]["ApproximateReceiveCount"] == "1"
    (task,) = small.stack.aws.sqs.list_message_move_tasks(SourceArn=dead)["Results"]
    assert (task["Status"], task["SourceArn"], task["DestinationArn"]) == ("COMPLETED", dead, work)
    assert task["ApproximateNumberOfMessagesMoved"] >= 1
    eventually(lambda: small.stack.queues.depths()["DeadLetterQueue"] > 0, what="the dead letter once more")


def test_messages_are_moved_only_out_of_dead_letter_queues_and_into_a_queue_that_is_named(small: Small) -> None:
    dead, work = small.stack.queues.arn("DeadLetterQueue"), small.stack.queues.arn("WorkQueue")

    with pytest.raises(ClientError, match="Dead Letter Queue"):
        small.stack.aws.sqs.start_message_move_task(SourceArn=work, DestinationArn=dead)
    with pytest.raises(ClientError, match="named"):
        small.stack.aws.sqs.start_message_move_task(SourceArn=dead)
    with pytest.raises(ClientError, match="doesn't exist"):
        small.stack.aws.sqs.start_message_move_task(SourceArn=f"{dead}-none", DestinationArn=work)


def test_hours_pass_for_messages_that_wait_when_the_stack_is_told_so(small: Small) -> None:
    small.send("WorkQueue", {"do": "come back", "seconds": 7_200, "mark": "in two hours", "once": True})
    small.wait_for("in two hours")
    eventually(lambda: 7_100 < (small.stack.rests_for() or 0) <= 7_200, what="a rest of two hours")

    small.stack.pass_time(7_200)

    small.wait_for("in two hours", 2)
    eventually(lambda: small.stack.rests_for() == float("inf"), what="an end of all work")


def test_a_function_gets_what_the_options_put_in_place_of_its_environment(tmp_path: Path) -> None:
    def environment(folder: str, variables: Mapping[str, str]) -> dict[str, str]:
        return {"LISTRAK_EMAIL_URL": f"{variables['LISTRAK_EMAIL_URL']}/of/{folder}"}

    with LocalStack(tmp_path, StackOptions(template=TEMPLATE, environment=environment)) as stack:
        given = stack.function("Worker").settings.environment

    assert given["LISTRAK_EMAIL_URL"] == f"{stack.simulator.email_url}/of/worker"


def test_the_stack_outlives_its_schedules(tmp_path: Path) -> None:
    options = StackOptions(triggers=TriggerOptions(schedule_seconds=0.5))
    with LocalStack(tmp_path, options) as stack:

        def sweeps() -> int:
            return sum(record.function.endswith("CloseRunFunction") for record in stack.invocations)

        eventually(lambda: sweeps() >= 2, 60, "two sweeps")

        report = stack.wait_for_run(stack.drop("email/vip/people.csv", b"email\nada@example.com\n"))

        assert report["status"] == "COMPLETED"
        stack.check()


def test_a_stack_is_started_once(tmp_path: Path) -> None:
    stack = LocalStack(tmp_path, StackOptions(template=TEMPLATE))
    with stack, pytest.raises(LocalStackError, match="started once"):
        stack.start()


def test_a_second_stack_in_the_same_directory_is_refused_and_leaves_the_first_alone(tmp_path: Path) -> None:
    with LocalStack(tmp_path, StackOptions(template=TEMPLATE)) as stack:
        with pytest.raises(LocalStackError, match="another stack works in"):
            LocalStack(tmp_path, StackOptions(template=TEMPLATE)).start()

        assert (tmp_path / "tmp").is_dir()
        stack.check()
