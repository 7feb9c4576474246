"""Every kind of file from the drop to Listrak and its report, each function with the credentials of its own role."""

from __future__ import annotations

import csv
import io
import json
import secrets
from typing import Any

import pysequoia
import pytest

from local.ministack.stack import MiniStack
from local.paths import SAMPLES
from tests.support.stack.ministack import LARGE, ORDERS, configure, large, members, numbers, run, status
from tests.support.stack.relay import MASTER_LIST, people
from tests.support.waiting import eventually

pytestmark = pytest.mark.aws


def test_an_import_with_rows_of_every_outcome(stack: MiniStack) -> None:
    report = run(stack, "email/vip/people.csv", people(300) + "nobody,Ada,1,yes\nperson.00001@example.com,Bea,2,yes\n")

    assert report["counts"] | {"read": 302, "accepted": 300, "rejected": 1, "duplicates": 1} == report["counts"]
    text = stack.client.read(report["rejects_key"]).decode()
    assert [line["row"] for line in csv.DictReader(io.StringIO(text))] == ["302"]


def test_a_few_rows_go_contact_by_contact(stack: MiniStack) -> None:
    report = run(stack, "email/beta/people.csv", people(5))

    assert report["counts"]["accepted"] == 5
    assert stack.simulator.imports(MASTER_LIST) == []


def test_contacts_that_listrak_refuses_are_in_the_report(stack: MiniStack) -> None:
    gone = [{"email": f"person.{number:05d}@example.com", "state": "Unsubscribed"} for number in (1, 2)]
    stack.simulator.seed({"lists": [{"list_name": MASTER_LIST, "contacts": gone}]})

    report = run(stack, "email/refused/people.csv", people(300))

    assert report["counts"]["accepted"] < 300
    assert report["rejects_key"]


def test_an_audience_that_mirrors_its_file(stack: MiniStack) -> None:
    configure(stack, "  mirrored: {channel: email, mode: mirror}\n")
    crowd = {"list_name": MASTER_LIST, "generated_contacts": {"count": 2_000, "prefix": "crowd"}}
    stack.simulator.seed({"lists": [crowd]})
    run(stack, "mirrored/gold/week_1.csv", people(100))

    run(stack, "mirrored/gold/week_2.csv", people(90))

    assert len(members(stack, "gold")) == 90


def test_more_than_the_mirror_guard_allows_is_refused(stack: MiniStack) -> None:
    configure(stack, "  mirrored: {channel: email, mode: mirror}\n")
    crowd = {"list_name": MASTER_LIST, "generated_contacts": {"count": 2_000, "prefix": "crowd"}}
    stack.simulator.seed({"lists": [crowd]})
    run(stack, "mirrored/silver/week_1.csv", people(600))

    run(stack, "mirrored/silver/week_2.csv", people(60), "REJECTED")

    assert len(members(stack, "silver")) == 600


def test_text_messages_with_facts_and_values(stack: MiniStack) -> None:
    lines = [f"{number},Ada,gold,yes" for number in numbers(20)]

    report = run(stack, "sms/club/texts.csv", "\n".join(["Phone,First Name,tier,opt_in", *lines]) + "\n")

    assert report["counts"]["accepted"] == 20


def test_a_text_audience_that_mirrors_its_file(stack: MiniStack) -> None:
    configure(
        stack,
        "  texts: {channel: sms, missing_opt_status: subscribe}\n"
        "  texts_mirror: {channel: sms, mode: mirror, missing_opt_status: subscribe, mirror_guard_percent: 50}\n",
    )
    run(stack, "texts/club/week_1.csv", "\n".join(["Phone", *numbers(20)]) + "\n")

    report = run(stack, "texts_mirror/club/week_2.csv", "\n".join(["Phone", *numbers(15)]) + "\n")

    assert report["removals"]["removed"] >= 5


def test_who_said_no_before_is_not_texted_by_a_file_that_says_nothing(stack: MiniStack) -> None:
    configure(stack, "  texts: {channel: sms, missing_opt_status: subscribe}\n")
    run(stack, "texts/club/no.csv", "\n".join(["Phone,opt_in", f"{numbers(1)[0]},no"]) + "\n")

    report = run(stack, "texts/club/all.csv", "\n".join(["Phone", *numbers(3)]) + "\n")

    assert (report["counts"]["accepted"], report["reasons"]) == (2, {"opted_out_before": 1})


@pytest.mark.parametrize(
    ("channel", "secret", "content"),
    [
        ("email", "ListrakEmailSecret", people(300)),
        (
            "sms",
            "ListrakSmsSecret",
            "\n".join(["Phone,First Name,tier,opt_in", *(f"{n},Ada,gold,yes" for n in numbers(20))]) + "\n",
        ),
    ],
)
def test_imports_of_a_destination_with_an_account_of_its_own_are_followed_by_that(
    stack: MiniStack, channel: str, secret: str, content: str
) -> None:
    own = f"listrak-relay/{channel}-own"
    stack.aws.secretsmanager.create_secret(Name=own, SecretString=stack.listrak.secrets[secret])
    configure(stack, f"  shop: {{channel: {channel}, secret: {own}}}\n")

    report = run(stack, "shop/own/file.csv", content)

    assert report["counts"]["accepted"] == report["counts"]["read"]
    assert any(chunk["import_id"] for chunk in report["chunks"])


def test_feeds_land_on_the_sftp_server_in_order(stack: MiniStack) -> None:
    configure(stack, "  orders: {wait_minutes: 5}\n  order_items: {wait_minutes: 5}\n")
    names = ("order_items/order_items.csv", "orders/orders.csv", "products/products.csv")

    dropped = [stack.drop(name, SAMPLES / name) for name in names]
    reports = [stack.wait_for_run(one) for one in dropped]

    assert [report["status"] for report in reports] == ["COMPLETED"] * 3
    delivered = [report["notes"]["delivery"]["delivered_at"] for report in reversed(reports)]
    assert delivered == sorted(delivered)
    sent = {path.name for path in stack.listrak.sftp.folder.iterdir()}
    assert {report["notes"]["delivery"]["file_name"] for report in reports} <= sent


def test_a_feed_file_takes_the_place_of_the_one_that_has_its_name(stack: MiniStack) -> None:
    configure(stack, "  orders: {file_name: Orders.csv, replace_existing: true}\n")

    for number in (1, 2):
        run(stack, f"orders/{number}.csv", ORDERS.replace("001", f"00{number}"))

    assert "002" in (stack.listrak.sftp.folder / "Orders.csv").read_text(encoding="utf-8")


def test_parts_wait_for_their_success_marker_and_are_one_run(stack: MiniStack) -> None:
    configure(stack, '  nightly: {channel: email, file: {success_marker: "*.DONE"}}\n')
    head, *rows = people(40).splitlines(keepends=True)
    for first, name in enumerate("ab"):
        part = stack.drop(f"nightly/vip/may/{name}.csv", "".join([head, *rows[first::2]]).encode())
        eventually(lambda part=part: status(stack, part) == "SET_ASIDE", 60, "the part that waits")  # type: ignore[misc]

    report = run(stack, "nightly/vip/may/all.DONE", b"")

    assert report["counts"]["accepted"] == 40


def test_an_encrypted_file_is_opened_with_the_key_of_its_secret(stack: MiniStack) -> None:
    key = pysequoia.Tsk.generate("relay <relay@example.com>")
    secret = "listrak-relay/pgp-check"
    stack.aws.secretsmanager.create_secret(Name=secret, SecretString=str(key))
    configure(stack, f"  sealed: {{channel: email, file: {{pgp_secret: {secret}}}}}\n")
    sealed = pysequoia.encrypt(recipients=[key.extract_certificate()], bytes=people(5).encode())

    assert run(stack, "sealed/vip/people.csv.pgp", bytes(sealed))["counts"]["accepted"] == 5


def test_encrypted_parts_that_are_large_together_are_opened_in_ranges(stack: MiniStack) -> None:
    key = pysequoia.Tsk.generate("relay <relay@example.com>")
    secret = "listrak-relay/pgp-ranges"
    stack.aws.secretsmanager.create_secret(Name=secret, SecretString=str(key))
    configure(stack, f'  sealed: {{channel: email, file: {{pgp_secret: {secret}, success_marker: "*.DONE"}}}}\n')
    recipients = [key.extract_certificate()]
    for name in "ab":
        noise = (",".join(secrets.token_hex(100) for _ in range(4)) for _ in range(900))
        lines = [f"{name}.{number}@example.com,yes,{notes}" for number, notes in enumerate(noise)]
        body = "\n".join(["email,opt_in,a,b,c,d", *lines, ""])
        sealed = pysequoia.encrypt(recipients=recipients, bytes=body.encode())
        part = stack.drop(f"sealed/many/{name}.csv.pgp", bytes(sealed))
        eventually(lambda part=part: status(stack, part) == "SET_ASIDE", 60, "the part that waits")  # type: ignore[misc]

    report = run(stack, "sealed/many/all.DONE", b"")

    assert report["notes"]["ranges"] > 1
    assert report["counts"]["accepted"] == 1_800


def test_a_large_file_is_read_in_ranges_by_the_state_machine_and_its_opt_outs_are_remembered(stack: MiniStack) -> None:
    rows = [f"person.{number:05}@example.com,Ada,{number},{'yes' if number else 'no'}" for number in range(LARGE)]

    report = run(stack, "email/many/people.csv", large("email", "First Name,points,opt_in", rows))

    assert (report["counts"]["accepted"], report["reasons"]) == (LARGE - 1, {"not_on_list": 1})
    assert report["notes"]["ranges"] > 1


def test_a_large_text_file_is_read_in_ranges_too(stack: MiniStack) -> None:
    configure(stack, "  sms: {channel: sms, missing_profile_fields: warn}\n")
    filler = "x" * 600
    rows = [f"{number},{filler},yes" for number in numbers(2_000)]

    report = run(stack, "sms/crowd/texts.csv", large("Phone", "note,opt_in", rows))

    assert report["notes"]["ranges"] >= 1
    assert report["counts"]["accepted"] == 2_000


def test_a_large_file_that_cannot_be_used_ends_with_a_reason(stack: MiniStack) -> None:
    rows = [f"person.{number:05}@example.com,Ada,{number},yes" for number in range(LARGE)]

    report = run(stack, "email/useless/people.csv", large("whoever", "First Name,points,opt_in", rows), "REJECTED")

    assert report["problem_code"] == "no_email_column"


def test_a_closed_run_is_announced_to_topic_and_bus(stack: MiniStack) -> None:
    sqs = stack.aws.sqs
    url = sqs.create_queue(QueueName="announcements")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    anybody = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [anybody]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    stack.aws.sns.subscribe(TopicArn=stack.ids["NoticeTopic"], Protocol="sqs", Endpoint=arn)
    stack.aws.events.put_rule(Name="announcements", EventPattern='{"source": ["listrak-relay"]}')
    stack.aws.events.put_targets(Rule="announcements", Targets=[{"Id": "queue", "Arn": arn}])

    run(stack, "email/announced/people.csv", people(5))

    heard: list[dict[str, Any]] = []
    while len(heard) < 2:
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=20)
        assert answer.get("Messages"), f"heard only {heard}"
        heard += [json.loads(message["Body"]) for message in answer["Messages"]]
        for message in answer["Messages"]:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert {one.get("Type") or one["detail"]["status"] for one in heard} == {"Notification", "COMPLETED"}


def test_who_opted_out_at_listrak_is_collected_by_a_function_that_may_do_only_that(stack: MiniStack) -> None:
    for kind, own in (("email", "ListrakEmailSecret"), ("sms", "ListrakSmsSecret")):
        text = stack.listrak.secrets[own]
        stack.aws.secretsmanager.create_secret(Name=f"listrak-relay/{kind}-collected", SecretString=text)
    configure(
        stack,
        "  news: {channel: email}\n  texts: {channel: sms}\n"
        "  other_news: {channel: email, secret: listrak-relay/email-collected}\n"
        "  other_texts: {channel: sms, secret: listrak-relay/sms-collected}\n",
    )
    gone = [{"email": "link@example.com", "state": "Unsubscribed"}]
    stack.simulator.seed({"lists": [{"list_name": MASTER_LIST, "contacts": gone}]})

    for _ in range(2):
        answer = stack.aws.lambda_.invoke(FunctionName=stack.ids["CollectOptOutsFunction"], Payload=b"{}")
        assert "FunctionError" not in answer, answer["Payload"].read()

    bucket = stack.ids["OptOutBucket"]
    keys = [one["Key"] for one in stack.aws.s3.list_objects_v2(Bucket=bucket)["Contents"]]
    text = "".join(stack.aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode() for key in keys)
    assert "link@example.com" in text
    assert len({key.rpartition("/")[0] for key in keys}) == 4
