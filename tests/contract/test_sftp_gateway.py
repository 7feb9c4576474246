"""What the fake SFTP server does is what the real client does with a real one."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest

from listrak_relay.adapters.sftp.gateway import ParamikoSftp
from listrak_relay.domain.destinations.feed_settings import Feed, default_settings
from listrak_relay.domain.feeds.sftp_account import SftpAccount
from listrak_relay.errors import ConfigurationError, RetryableError
from listrak_relay.ports.sftp import Delivered, SftpGateway, Upload
from local.sftp_server.server import SftpServer
from tests.support.fakes import FakeSftp
from tests.support.sftp.transfers import Note, files_in

BODY = b"sku\n1\n"


class Place:
    """A server, real or not. ``read``: the content under a final name, None if there is none. ``count``: of files that
    it has, under whatever name."""

    def __init__(
        self, gateway: Callable[[bool], SftpGateway], read: Callable[[str], bytes | None], count: Callable[[], int]
    ) -> None:
        self.gateway, self.read, self.count = gateway, read, count

    def send(self, body: bytes = BODY, content: str = "run-1", *, note: Note, replaces: bool = False) -> Delivered:
        upload = Upload("feed.csv", len(body), content, lambda first: io.BytesIO(body[first:]))
        return self.gateway(replaces).deliver(upload, note)


@pytest.fixture(params=["fake", "real"])
def place(request: pytest.FixtureRequest) -> Place:
    if request.param == "fake":
        fake = FakeSftp()
        feed = default_settings(Feed.ORDERS)
        return Place(
            lambda replaces: fake.for_feed(None, replace(feed, replace_existing=replaces)),
            fake.files.get,
            lambda: len(fake.files) + len(fake.unfinished()),
        )
    server: SftpServer = request.getfixturevalue("sftp_server")
    at: SftpAccount = request.getfixturevalue("sftp_account")

    def read(name: str) -> bytes | None:
        return files_in(server.folder).get(name)

    return Place(lambda replaces: ParamikoSftp(at, replace=replaces), read, lambda: len(files_in(server.folder)))


def breaking(_: int) -> io.BytesIO:
    raise RetryableError("the body cannot be read")


def test_a_file_gets_its_final_name_after_the_note(place: Place) -> None:
    note = Note()

    assert place.send(note=note) == Delivered(len(BODY), 0)

    assert note.made
    assert place.read("feed.csv") == BODY


def test_a_repeat_of_a_delivery_that_was_noted_finds_it_done(place: Place) -> None:
    note = Note()
    place.send(note=note)

    assert place.send(note=note) == Delivered(earlier=True)


def test_a_file_that_is_not_ours_is_left_alone(place: Place) -> None:
    place.send(note=Note())

    with pytest.raises(ConfigurationError) as caught:
        place.send(b"sku\n2\n", "run-2", note=Note())

    assert caught.value.code == "sftp_file_exists"
    assert place.read("feed.csv") == BODY


def test_a_file_takes_the_place_of_another_where_it_may(place: Place) -> None:
    place.send(note=Note())

    place.send(b"sku\n2\n", "run-2", note=Note(), replaces=True)

    assert place.read("feed.csv") == b"sku\n2\n"


def test_what_a_broken_attempt_has_left_is_cleared_and_nothing_else(place: Place) -> None:
    place.send(note=Note())
    with pytest.raises(RetryableError):
        place.gateway(True).deliver(Upload("feed.csv", len(BODY), "run-2", breaking), Note())
    assert place.count() == 2

    for _ in range(2):
        assert not place.gateway(True).clear("feed.csv", "run-2", Note())

    assert place.count() == 1
    assert place.read("feed.csv") == BODY


def test_what_was_asked_to_get_its_final_name_and_did_not_is_cleared_and_can_be_sent_anew(place: Place) -> None:
    note = Note()
    with pytest.raises(RetryableError):
        place.gateway(True).deliver(Upload("feed.csv", len(BODY), "run-1", breaking), note)
    note.begin()

    assert not place.gateway(True).clear("feed.csv", "run-1", note)

    assert (place.count(), note.made) == (0, False)
    assert place.send(note=note, replaces=True) == Delivered(len(BODY), 0)


def test_what_has_its_final_name_is_told_by_whoever_is_to_clear_it(place: Place) -> None:
    note = Note()
    place.send(note=note)

    assert place.gateway(True).clear("feed.csv", "run-1", note)

    assert (place.read("feed.csv"), note.made) == (BODY, True)
