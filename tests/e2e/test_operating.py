"""The command line against a stack that is up: what an operator does from day to day."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.stack import LocalStack
from tests.support.listrak.simulator import PRIVACY_CLIENT
from tests.support.paths import CORE, ROOT
from tests.support.stack.relay import Relay
from tests.support.waiting import eventually


class Operator:
    def __init__(self, stack: LocalStack) -> None:
        self._where = ("--local", "--endpoint-url", stack.aws.endpoint)

    def types(self, *arguments: str, answers: str | None = None) -> subprocess.CompletedProcess[str]:
        """``answers``: typed when the command asks."""
        return subprocess.run(
            [sys.executable, "-m", "cli", *self._where, *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(CORE), "COLUMNS": "120", "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
            input=answers,
        )

    def asks(self, *arguments: str) -> Any:
        answer = self.types("--json", *arguments)
        assert answer.stdout, answer.stderr
        return json.loads(answer.stdout)


@pytest.fixture
def operator(relay: Relay) -> Operator:
    return Operator(relay.stack)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    file.write_text("email\nada@example.com\nnobody at home\n")
    return file


def test_a_file_is_sent_followed_found_and_explained(operator: Operator, people: Path) -> None:
    sent = operator.asks("send", str(people), "--audience", "vip")
    run_id = sent["run_id"]

    assert (sent["status"], sent["counts"]["accepted"], sent["list"]) == ("COMPLETED", 1, "Master List")
    assert run_id in {entry["run_id"] for entry in operator.asks("runs")["closed"]}
    assert [line["row"] for line in operator.asks("rejects", run_id)] == ["3"]
    assert "record" not in operator.asks("rejects", run_id)[0]
    shown = operator.types("run", run_id)
    assert shown.returncode == 0
    assert "1 of 2 rows was not delivered" in shown.stdout


def test_a_few_rows_are_tried_by_an_import_and_how_to_undo_it_is_said(
    operator: Operator, relay: Relay, tmp_path: Path
) -> None:
    file = tmp_path / "many.csv"
    file.write_text("email,Points\n" + "".join(f"try{n}@example.com,{n}\n" for n in range(300)))

    tried = operator.asks("test", str(file), "--audience", "gold", "--rows", "3")

    assert tried["report"]["counts"]["accepted"] == 3
    assert len(relay.imports()) == 1
    assert any("profile field gold-test" in sentence for sentence in tried["undo"])
    assert any("3 of them were not subscribed" in sentence for sentence in tried["undo"])


def test_a_test_that_would_make_fields_of_another_type_than_the_file_is_not_sent(
    operator: Operator, tmp_path: Path
) -> None:
    file = tmp_path / "mixed.csv"
    values = [*range(30), *["none of it"] * 30]
    file.write_text("email,Grade\n" + "".join(f"mixed{n}@example.com,{value}\n" for n, value in enumerate(values)))

    tried = operator.types("test", str(file), "--audience", "gold")

    assert tried.returncode == 1
    assert "Grade" in tried.stderr
    assert "--rows" in tried.stderr


def test_what_one_run_has_cost_is_told_by_its_functions(operator: Operator, people: Path) -> None:
    run_id = operator.asks("send", str(people), "--audience", "vip")["run_id"]

    # The last invocation is noted when it ends, which is after the run was closed.
    counted = eventually(lambda: _costs_of(operator, run_id, invocations=3), what="the cost of three functions")

    assert counted.keys() == {
        *("gb_seconds", "invocations", "write_units", "read_units", "sqs_requests", "s3_writes", "s3_reads")
    }
    report = operator.asks("run", run_id)
    assert report["cost"]["dollars"] > 0
    assert "in all. Prices: " in operator.types("cost", run_id).stdout
    assert operator.types("cost", "email-0123456789abcdef").returncode != 0


def _costs_of(operator: Operator, run_id: str, invocations: int) -> Any:
    counted = operator.asks("cost", run_id)["counted"]
    return counted if counted["invocations"] >= invocations else None


def test_a_person_is_found_in_runs_and_at_listrak(operator: Operator, people: Path) -> None:
    run_id = operator.asks("send", str(people), "--audience", "vip")["run_id"]

    found = operator.asks("who", "Ada@example.com")

    assert {"run_id": run_id, "row": 2, "what": "subscribe was sent: its run is COMPLETED"} in found["places"]
    assert found["listrak"] == "subscribed"
    nobody = operator.types("who", "never.seen@example.com")
    assert nobody.returncode == 1
    assert "not on the list" in nobody.stdout


def test_what_is_dropped_while_everything_is_paused_waits_and_then_goes(operator: Operator, people: Path) -> None:
    assert operator.asks("pause")["sending"] == {"email": False, "sms": False, "feeds": False}
    try:
        told = operator.types("--json", "send", str(people), "--audience", "vip", "--no-follow")
        assert "sending of email is paused: the file waits until listrak-relay --local resume email" in told.stderr
        assert "sending of sms" not in told.stderr
        run_id = json.loads(told.stdout)["run_id"]
        eventually(
            lambda: [run["rows_read"] for run in operator.asks("runs")["open"] if run["run_id"] == run_id] == [2],
            30,
            "the file to be read",
        )
        assert operator.types("doctor").returncode == 1
        assert operator.asks("runs")["paused"] == ["email", "sms", "feeds"]
        for command in ("run", "rejects", "report"):
            assert "Sending is paused (email, sms, feeds)" in operator.types(command, run_id).stderr
        assert [run["rows_ended"] for run in operator.asks("runs")["open"] if run["run_id"] == run_id] == [1]
    finally:
        operator.types("resume")

    eventually(lambda: operator.types("run", run_id).returncode == 0, 30, "the run to complete")


def test_a_run_that_waits_names_the_one_before_it(operator: Operator, relay: Relay, people: Path) -> None:
    relay.configure("version: 1\ndestinations:\n  older: {channel: email, mode: mirror}\n")
    operator.types("pause", "--destination", "older")
    try:
        older = operator.asks("send", str(people), "-d", "older", "--audience", "vip", "--no-follow")["run_id"]
        eventually(lambda: "its destination is paused" in operator.types("runs").stdout, 30, "the file to be read")
        newer = operator.asks("send", str(people), "--audience", "vip", "--no-follow")["run_id"]

        eventually(lambda: f"waits for {older}" in operator.types("run", newer).stderr, 30, "the newer one to wait")

        assert f"waits for {older}" in operator.types("runs").stdout
        assert "Its destination is paused; go on: listrak-relay --local resume --destination older" in (
            operator.types("run", older).stderr
        )
    finally:
        operator.types("resume", "--destination", "older")
    relay.stack.pass_time(3_600)
    eventually(lambda: operator.types("run", newer).returncode == 0, 150, "the newer run to complete")


def test_a_dead_letter_is_returned_after_its_cause_was_mended(operator: Operator, people: Path) -> None:
    config = people.with_name("destinations.yaml")
    config.write_text("version: 1\ndestinations:\n  lost: {channel: email, list: Nowhere}\n")
    well = operator.asks("send", str(people), "--audience", "vip")["run_id"]
    left_by_others = operator.asks("redrive", well)["left"]
    assert operator.types("config", "push", str(config), "--anyway").returncode == 0
    assert "list: Nowhere" in operator.types("config", "show").stdout
    failed = operator.types("send", str(people), "-d", "lost", "--audience", "vip")
    assert failed.returncode == 1
    assert "there is no list" not in failed.stdout
    assert "Listrak has no list named 'Nowhere'" in failed.stdout
    (run_id,) = (entry["run_id"] for entry in operator.asks("runs")["closed"] if entry["where"] == "lost/vip")

    unknown = operator.types("redrive", "another-run")
    other = operator.asks("redrive", well)
    returned = operator.asks("redrive", run_id)

    assert unknown.returncode == 1
    assert "has no run another-run" in unknown.stderr
    assert other["returned"] == {}
    assert other["left"] == left_by_others + 1
    assert returned["returned"] == {run_id: 1}


def commands_that_return_dead_letters() -> list[tuple[str, str]]:
    """Of docs/operations.md: the queues that each names."""
    arn = r'"\$\(queue_arn (\w+)\)"'
    command = f"aws sqs start-message-move-task --source-arn {arn} --destination-arn {arn}"
    return re.findall(command, (ROOT / "docs/operations.md").read_text(encoding="utf-8"))


def test_the_command_of_the_operations_page_returns_dead_letters_and_the_run_completes(relay: Relay) -> None:
    commands = commands_that_return_dead_letters()
    for source, _ in commands:  # what other tests left there
        relay.stack.aws.sqs.purge_queue(QueueUrl=relay.stack.queues.url(source))
    relay.configure(f"version: 1\ndestinations:\n  lost: {{channel: email, list: {relay.audience}}}\n")
    dropped = relay.drop("email\nada@example.com\n", "lost")
    assert relay.finish(dropped)["counts"]["dead_lettered"] == 1
    relay.simulator.seed({"lists": [{"list_name": relay.audience}]})

    for source, destination in commands:
        relay.stack.aws.sqs.start_message_move_task(
            SourceArn=relay.stack.queues.arn(source), DestinationArn=relay.stack.queues.arn(destination)
        )

    assert ("EmailDeadLetterQueue", "EmailQueue") in commands
    eventually(lambda: relay.finish(dropped)["status"] == "COMPLETED", 30, "the run to complete")
    assert relay.finish(dropped)["counts"] == relay.finish(dropped)["counts"] | {"accepted": 1, "dead_lettered": 0}
    assert set(relay.contacts(relay.audience)) == {"ada@example.com"}


def test_a_file_is_dropped_again_as_a_new_run(operator: Operator, people: Path) -> None:
    first = operator.asks("send", str(people), "--audience", "again")["run_id"]

    second = operator.asks("replay", "email/again/people.csv")["run_id"]

    assert second != first
    eventually(lambda: operator.types("run", second).returncode == 0, 30, "the new run to complete")


def test_a_key_that_was_never_dropped_is_not_dropped_again(operator: Operator) -> None:
    answer = operator.types("replay", "email/vip/never.csv")

    assert answer.returncode == 1
    assert "there is no such file" in answer.stderr


def test_no_configuration_is_put_in_place_whose_list_is_not_there_but_anyway(operator: Operator, people: Path) -> None:
    refused = operator.types("config", "add", "nobodys", "--list", "Of Nobody")
    unchanged = operator.types("config", "show").stdout
    added = operator.types("config", "add", "nobodys", "--list", "Of Nobody", "--anyway")
    config = people.with_name("destinations.yaml")
    config.write_text(operator.types("config", "show").stdout)
    pushed_as_it_is = operator.types("config", "push", str(config))

    assert (refused.returncode, added.returncode, pushed_as_it_is.returncode) == (1, 0, 1)
    assert "nobodys" not in unchanged
    for answer in (refused, added, pushed_as_it_is):
        assert "Listrak has no list named 'Of Nobody'" in answer.stderr
    assert "Nothing was put in place; with --anyway" in pushed_as_it_is.stderr


def test_what_is_shown_where_no_configuration_is_in_place_can_be_put_in_place(operator: Operator, people: Path) -> None:
    config = people.with_name("destinations.yaml")
    config.write_text(operator.types("config", "show").stdout)

    assert operator.types("config", "push", str(config)).returncode == 0


def test_of_a_destination_in_place_of_a_built_in_one_that_is_said(operator: Operator) -> None:
    taken = operator.types("config", "add", "email", "--list", "Newsletter")
    again = operator.types("config", "add", "email", "--list", "Newsletter")

    assert "In place of the built-in destination email" in taken.stderr
    assert "there is a destination email already" in again.stderr


def test_lists_and_fields_of_the_account_are_shown(operator: Operator) -> None:
    assert "Master List" in {one["name"] for one in operator.asks("lists")}
    assert operator.types("fields", "no such list").returncode == 2


def test_credentials_are_put_in_place_only_after_listrak_has_taken_them(
    operator: Operator, tmp_path: Path, relay: Relay
) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(relay.stack.simulator.credentials("email")))
    bad.write_text(json.dumps({"client_id": "nobody", "client_secret": "wrong-and-hidden"}))

    refused = operator.types("rotate", "email", "--file", str(bad))
    taken = operator.types("rotate", "email", "--file", str(good))

    assert refused.returncode == 1
    assert "nothing was changed" in refused.stderr
    assert "wrong-and-hidden" not in refused.stdout + refused.stderr
    assert taken.returncode == 0
    assert operator.types("lists").returncode == 0


def test_a_person_is_forgotten_in_rows_and_files_and_the_others_stay(
    operator: Operator, tmp_path: Path, relay: Relay
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("email,note\nforget.me@example.com,x\nstay@example.com,y\nnobody at home,forget.me@example.com\n")
    run_id = operator.asks("send", str(file), "--audience", "forgetting")["run_id"]

    stack = relay.stack
    work, hashes = stack.client.address.work_bucket, f"chunks/{run_id}/subscribe-0001.staying"
    stack.s3.put_object(Bucket=work, Key=hashes, Body=b"8 bytes.")  # as a mirror run keeps it

    done = operator.asks("forget", "Forget.me@example.com", "--yes")

    assert done["files"] == ["email/forgetting/people.csv"]
    assert done["rows"] == 2
    assert operator.asks("who", "forget.me@example.com", "--no-listrak")["places"] == []
    assert [place["run_id"] for place in operator.asks("who", "stay@example.com", "--no-listrak")["places"]] == [run_id]
    versions = stack.s3.list_object_versions(Bucket=stack.client.address.drop_bucket, Prefix="email/forgetting/")
    assert not versions.get("Versions")
    assert not stack.s3.list_object_versions(Bucket=work, Prefix=hashes).get("Versions")
    records = stack.s3.list_objects_v2(Bucket=work, Prefix="audit/")["Contents"]
    kept = [stack.client.read(one["Key"]).lower() for one in records]
    assert {json.loads(one)["what"] for one in kept} == {"forget", "who"}
    assert all(json.loads(one)["by"].startswith("arn:") for one in kept)
    assert not [one for one in kept if b"forget.me" in one or b"stay@" in one]


def test_listrak_is_asked_to_forget_where_the_stack_has_an_integration_for_it(operator: Operator, relay: Relay) -> None:
    without = operator.asks("forget", "forget.too@example.com", "--yes")["listrak"]
    assert "listrak-privacy" in without
    assert "keeps the person" in without

    secret = "listrak-relay/listrak-privacy"
    value = json.dumps(PRIVACY_CLIENT)
    relay.stack.aws.secretsmanager.create_secret(Name=secret, SecretString=value)
    asked = operator.asks("forget", "forget.too@example.com", "--yes")["listrak"]

    assert asked.startswith("Listrak was asked to forget the person: request ")


def test_whoever_was_forgotten_is_skipped_by_later_files_that_bring_no_yes_of_their_own(
    operator: Operator, tmp_path: Path, relay: Relay
) -> None:
    file = tmp_path / "people.csv"
    operator.asks("forget", "forget.me@example.com", "--yes")
    file.write_text("email,note\nforget.me@example.com,x\nstay@example.com,y\n")

    report = operator.asks("send", str(file), "--audience", "later")

    assert report["reasons"] == {"opted_out_before": 1}
    assert "forget.me@example.com" not in relay.contacts()


def test_whoever_was_forgotten_is_taken_out_of_the_files_of_who_opted_out(operator: Operator, relay: Relay) -> None:
    bucket = relay.stack.function("collect_opt_outs").settings.environment["OPT_OUT_BUCKET"]
    key, header = "email/some-list/2026-01-31.csv", "email_address,opted_out_at,how,list\n"
    stays = "stay@example.com,2026-01-31T10:00:00,Link,Some List\n"
    text = f"{header}left.once@example.com,2026-01-31T09:00:00,Link,Some List\n{stays}"
    relay.stack.s3.put_object(Bucket=bucket, Key=key, Body=text.encode())

    done = operator.asks("forget", "left.once@example.com", "--yes")

    assert done["rows"] == 1
    assert relay.stack.s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode() == header + stays
    versions = relay.stack.s3.list_object_versions(Bucket=bucket, Prefix=key)["Versions"]
    assert len(versions) == 1
    relay.stack.s3.delete_object(Bucket=bucket, Key=key)


def test_a_plan_compared_with_the_list_tells_what_would_change_and_changes_nothing(
    operator: Operator, tmp_path: Path, relay: Relay
) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text("email\nada@example.com\nbo@example.com\n")
    second.write_text("email,opt_in,colour\nbo@example.com,yes,red\ncy@example.com,yes,blue\nada@example.com,no,red\n")
    operator.types("send", str(first), "--audience", "planned")
    relay.configure("version: 1\ndestinations:\n  email: {mode: mirror}\n")
    calls = relay.stack.simulator.call("GET", "calls")["writes"]

    found = operator.asks("plan", str(second), "--audience", "planned", "--listrak")["listrak"]

    assert found["already_subscribed"] == 1
    assert found["new_or_had_unsubscribed"] == 1
    assert found["would_be_unsubscribed"] == 1
    assert (found["members"], found["would_lose_the_mark"]) == (2, 1)
    assert found["fields_made"] == ["colour"]
    assert relay.stack.simulator.call("GET", "calls")["writes"] == calls


def test_a_destination_is_added_by_one_command_if_it_is_sound(operator: Operator, people: Path) -> None:
    refused = operator.types("config", "add", "friends", "--list", "Newsletter", "--set", "mdoe=mirror")
    added = operator.types("config", "add", "friends", "--list", "Newsletter")

    assert refused.returncode == 1
    assert "did you mean mode?" in refused.stderr
    assert added.returncode == 0
    assert operator.asks("send", str(people), "-d", "friends", "--audience", "vip")["list"] == "Newsletter"


def test_a_fault_of_the_file_in_force_is_not_taken_for_one_of_what_is_added(operator: Operator, relay: Relay) -> None:
    relay.configure("version: 1\ndestinations:\n  vip: {channel: email\n  b: {}\n")

    refused = operator.types("config", "add", "friends", "--list", "Newsletter")

    assert refused.returncode == 1
    assert "config/destinations.yaml is not used, it has 1 fault" in refused.stderr
    assert "That is the file in force, and it is to be mended first" in refused.stderr


def test_of_destinations_that_another_file_does_not_have_it_is_said_that_they_are_gone(
    operator: Operator, people: Path
) -> None:
    config = people.with_name("destinations.yaml")
    texts = "version: 1\ndestinations:\n  kept: {channel: email}\n"
    config.write_text(f"{texts}  lost: {{channel: email}}\n")
    first = operator.types("config", "push", str(config))
    config.write_text(texts)

    second = operator.types("config", "push", str(config))

    assert "No longer there" not in first.stderr
    assert "No longer there, so that files dropped for them are rejected: lost" in second.stderr


def test_the_doctor_looks_at_every_account_that_a_destination_names(operator: Operator, people: Path) -> None:
    config = people.with_name("destinations.yaml")
    config.write_text(
        "version: 1\ndestinations:\n  lost: {channel: email, list: Nowhere}\n  texts: {channel: sms, list: Nowhere}\n"
    )
    assert operator.types("config", "push", str(config), "--anyway").returncode == 0

    found = {one["about"]: one for one in operator.asks("doctor")}

    assert found["destination email"]["todo"] == ""
    assert "its group 'Amperity Message Attributes'" in found["destination email"]["found"]
    assert "Listrak has no list named 'Nowhere'" in found["destination lost"]["found"]
    assert "config push" in found["destination lost"]["todo"]
    assert "phone list 'Master List' of sender code" in found["destination sms"]["found"]
    assert "no phone list named 'Nowhere'" in found["destination texts"]["found"]
    assert "its key is pinned" in found["Listrak sftp (own secret)"]["found"]


def test_the_first_quarter_of_an_hour_ends_with_a_destination_that_works(operator: Operator, people: Path) -> None:
    answers = "Nowhere\nMaster List\nmirror\nfirst\n"

    asked = operator.types("init", answers=answers)

    assert asked.returncode == 0, asked.stderr
    assert "Listrak has no list 'Nowhere'" in asked.stdout
    assert (
        "  first:\n    channel: email\n    list: Master List\n    mode: mirror\n"
        in operator.types("config", "show").stdout
    )
    assert operator.asks("send", str(people), "-d", "first", "--audience", "vip")["status"] == "COMPLETED"


def test_what_the_built_in_destination_does_needs_no_configuration(operator: Operator) -> None:
    before = operator.types("config", "show").stdout

    asked = operator.types("init", answers="\n\n")

    assert asked.returncode == 0, asked.stderr
    assert "nothing needed to be written" in asked.stdout
    assert operator.types("config", "show").stdout == before
