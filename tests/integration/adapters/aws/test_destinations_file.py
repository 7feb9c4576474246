"""`config/destinations.yaml` in a real bucket: S3's own answers to a conditional read."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse

from listrak_relay.adapters.aws.destinations_file import S3DestinationBook
from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.domain.destinations.destinations import BUILT_IN, EmailDestination
from listrak_relay.domain.run.work_keys import CONFIG_KEY
from listrak_relay.errors import ConfigurationError
from tests.support.aws.emulator import Emulator
from tests.support.fakes.clock import FakeClock
from tests.support.paths import EXAMPLE_DESTINATIONS


def email_of(book: S3DestinationBook, name: str) -> EmailDestination:
    destination = book.find(name)
    assert isinstance(destination, EmailDestination)
    return destination


class Answers:
    """HTTP statuses of the answers to GetObject."""

    def __init__(self) -> None:
        self.statuses: list[int] = []

    def note(self, http_response: AWSResponse, **_: Any) -> None:
        self.statuses.append(http_response.status_code)


@pytest.fixture
def answers(emulator: Emulator) -> Iterator[Answers]:
    answers = Answers()
    emulator.s3.meta.events.register("after-call.s3.GetObject", answers.note)
    yield answers
    emulator.s3.meta.events.unregister("after-call.s3.GetObject", answers.note)


@pytest.fixture
def book(emulator: Emulator, bucket: str, clock: FakeClock) -> S3DestinationBook:
    return S3DestinationBook(bucket, emulator.s3, clock)


def test_a_file_is_sent_once_per_version(
    emulator: Emulator, bucket: str, book: S3DestinationBook, clock: FakeClock, answers: Answers
) -> None:
    emulator.s3.put_object(Bucket=bucket, Key=CONFIG_KEY, Body=EXAMPLE_DESTINATIONS.read_bytes())

    for _ in range(2):
        assert email_of(book, "vip").list_name == "VIP"
        clock.advance(60)
    emulator.s3.put_object(
        Bucket=bucket, Key=CONFIG_KEY, Body=b"version: 1\ndestinations: {vip: {channel: email, mode: mirror}}"
    )
    assert email_of(book, "vip").mode is Mode.MIRROR

    assert answers.statuses == [200, 304, 200]


def test_a_deleted_file_leaves_the_built_in_destinations(
    emulator: Emulator, bucket: str, book: S3DestinationBook, clock: FakeClock
) -> None:
    emulator.s3.put_object(Bucket=bucket, Key=CONFIG_KEY, Body=b"version: 1\ndestinations: {email: {list: VIP}}")

    before = email_of(book, "email").list_name
    emulator.s3.delete_object(Bucket=bucket, Key=CONFIG_KEY)
    clock.advance(60)

    assert before == "VIP"
    assert book.find("email") == BUILT_IN["email"]


def test_a_faulty_file_names_its_faults(emulator: Emulator, bucket: str, book: S3DestinationBook) -> None:
    emulator.s3.put_object(Bucket=bucket, Key=CONFIG_KEY, Body=b"version: 1\ndestinations: {email: {lists: VIP}}")

    with pytest.raises(ConfigurationError, match=r"line 2: destinations\.email\.lists: .* did you mean list\?"):
        book.find("email")


def test_a_bucket_that_is_not_there_is_an_error(emulator: Emulator, clock: FakeClock) -> None:
    with pytest.raises(ConfigurationError) as caught:
        S3DestinationBook("no-such-bucket", emulator.s3, clock).find("email")

    assert caught.value.code == "aws_resource_missing"
