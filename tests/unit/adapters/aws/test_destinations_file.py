"""When `config/destinations.yaml` is read, and what happens when it cannot be."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import boto3
import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from listrak_relay.adapters.aws.destinations_file import S3DestinationBook
from listrak_relay.domain.destinations.destinations import BUILT_IN, EmailDestination
from listrak_relay.errors import ConfigurationError, RetryableError
from tests.support.fakes.clock import FakeClock

BUCKET = "work"
KEY = "config/destinations.yaml"


def email_of(book: S3DestinationBook, name: str) -> EmailDestination:
    destination = book.find(name)
    assert isinstance(destination, EmailDestination)
    return destination


class Bucket:
    """S3 answers in the order given; any other question fails the test."""

    def __init__(self) -> None:
        self.client = boto3.client(
            "s3", region_name="us-east-1", aws_access_key_id="made-up", aws_secret_access_key="made-up"
        )
        self.stubber = Stubber(self.client)

    def answers(self, text: str, etag: str, asked_unless: str | None = None, comes: int | None = None) -> None:
        """``comes``: so many bytes of it, before the connection breaks off."""
        body = text.encode()
        answer: dict[str, Any] = {
            "Body": StreamingBody(BytesIO(body[:comes]), len(body)),
            "ContentLength": len(body),
            "ETag": etag,
        }
        self.stubber.add_response("get_object", answer, self._question(asked_unless))

    def refuses(self, code: str, status: int, asked_unless: str | None = None) -> None:
        self.stubber.add_client_error(
            "get_object", code, http_status_code=status, expected_params=self._question(asked_unless)
        )

    @staticmethod
    def _question(unless: str | None) -> dict[str, str]:
        return {"Bucket": BUCKET, "Key": KEY} | ({"IfNoneMatch": unless} if unless else {})


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    bucket = Bucket()
    with bucket.stubber:
        yield bucket
        bucket.stubber.assert_no_pending_responses()


@pytest.fixture
def book(bucket: Bucket, clock: FakeClock) -> S3DestinationBook:
    return S3DestinationBook(BUCKET, bucket.client, clock)


def listing(name: str) -> str:
    return f"version: 1\ndestinations:\n  vip: {{channel: email, list: {name}}}\n"


def test_without_a_file_there_are_the_built_in_destinations(book: S3DestinationBook, bucket: Bucket) -> None:
    bucket.refuses("NoSuchKey", 404)

    assert book.find("email") == BUILT_IN["email"]
    with pytest.raises(ConfigurationError) as caught:
        book.find("vip")
    assert caught.value.code == "destination_unknown"


def test_a_file_is_read_once_within_a_minute(book: S3DestinationBook, bucket: Bucket, clock: FakeClock) -> None:
    bucket.answers(listing("VIP"), '"1"')

    first = book.find("vip")
    clock.advance(59)

    assert book.find("vip") is first


def test_after_a_minute_an_unchanged_file_is_not_sent_again(
    book: S3DestinationBook, bucket: Bucket, clock: FakeClock
) -> None:
    bucket.answers(listing("VIP"), '"1"')
    bucket.refuses("304", 304, asked_unless='"1"')

    first = book.find("vip")
    clock.advance(60)

    assert book.find("vip") is first
    assert book.find("vip") is first


def test_a_changed_file_holds_after_a_minute(book: S3DestinationBook, bucket: Bucket, clock: FakeClock) -> None:
    bucket.answers(listing("VIP"), '"1"')
    bucket.answers(listing("Best"), '"2"', asked_unless='"1"')
    bucket.refuses("NoSuchKey", 404, asked_unless='"2"')

    before = email_of(book, "vip").list_name
    clock.advance(60)
    after = email_of(book, "vip").list_name
    clock.advance(60)

    assert (before, after) == ("VIP", "Best")
    with pytest.raises(ConfigurationError, match="no destination 'vip'"):
        book.find("vip")


def test_a_faulty_destination_is_an_error_until_it_is_mended_and_stops_no_other(
    book: S3DestinationBook, bucket: Bucket, clock: FakeClock
) -> None:
    bucket.answers(listing("VIP"), '"1"')
    bucket.answers(listing("[]"), '"2"', asked_unless='"1"')
    bucket.refuses("304", 304, asked_unless='"2"')
    bucket.answers(listing("VIP"), '"3"', asked_unless='"2"')

    book.find("vip")
    for _ in range(2):
        clock.advance(60)
        with pytest.raises(
            ConfigurationError, match=r"the destination vip in config/destinations\.yaml is not used, it has 1 fault"
        ) as caught:
            book.find("vip")
        assert caught.value.code == "destinations_invalid"
        assert email_of(book, "email").list_name == "Master List"
        assert book.faulty() == ("vip",)
    clock.advance(60)

    assert email_of(book, "vip").list_name == "VIP"
    assert not book.faulty()


def test_a_denied_read_is_no_missing_file(book: S3DestinationBook, bucket: Bucket) -> None:
    bucket.refuses("AccessDenied", 403)

    with pytest.raises(ConfigurationError) as caught:
        book.find("email")

    assert caught.value.code == "aws_denied"
    assert f"s3://{BUCKET}/{KEY}" in str(caught.value)


def test_when_the_store_is_away_the_next_try_asks_again(
    book: S3DestinationBook, bucket: Bucket, clock: FakeClock
) -> None:
    bucket.refuses("SlowDown", 503)
    bucket.answers(listing("VIP"), '"1"')

    with pytest.raises(RetryableError):
        book.find("vip")

    assert email_of(book, "vip").list_name == "VIP"


def test_a_missing_bucket_is_no_missing_file(book: S3DestinationBook, bucket: Bucket) -> None:
    bucket.refuses("NoSuchBucket", 404)

    with pytest.raises(ConfigurationError) as caught:
        book.find("email")

    assert caught.value.code == "aws_resource_missing"


def test_of_a_file_that_is_too_large_only_the_beginning_is_read(book: S3DestinationBook, bucket: Bucket) -> None:
    bucket.answers("#" * 3_000_000, '"1"')

    with pytest.raises(ConfigurationError, match="larger than 1,000,000 bytes"):
        book.find("email")


def test_half_a_file_is_none_even_if_it_could_be_read(book: S3DestinationBook, bucket: Bucket) -> None:
    first = "version: 1\ndestinations:\n  vip: {channel: email, list: VIPs}\n"
    bucket.answers(f"{first}  other: {{channel: email}}\n", '"1"', comes=len(first))
    bucket.answers(f"{first}  other: {{channel: email}}\n", '"1"')

    with pytest.raises(RetryableError, match=KEY):
        book.find("vip")

    assert email_of(book, "vip").list_name == "VIPs"
    assert email_of(book, "other").list_name == "Master List"
