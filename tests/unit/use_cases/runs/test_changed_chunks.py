"""A chunk that is not what ingest wrote is a named error, and nothing of it counts as sent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import Action, Chunk
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.errors import ConfigurationError
from listrak_relay.use_cases.runs.chunk_content import check_chunk, open_chunk
from listrak_relay.use_cases.runs.chunk_rows import read_chunk
from tests.support.fakes import FakeObjectStore
from tests.support.runs.relay import CITY, Relay, subscribers
from tests.support.runs.sms_relay import sms_relay, sms_rows

BODY = b"a@example.com,on\nb@example.com,on\nc@example.com,on\n"
ORDERS = [("0001", "a@example.com"), ("0002", "b@example.com")]
NUMBERS = b"2\n3\n4\n"


def chunk_of(store: FakeObjectStore, body: bytes = BODY) -> Chunk:
    store.objects |= {"x.csv": body, "x.rows": NUMBERS}
    digest = hashlib.sha256(body).hexdigest()
    return Chunk("subscribe-0001", Action.SUBSCRIBE, "x.csv", "x.rows", 3, len(body), digest)


changes = st.one_of(
    st.builds(lambda at: BODY[:at], st.integers(0, len(BODY) - 1)),
    st.builds(lambda more: BODY + more, st.binary(min_size=1, max_size=9)),
    st.builds(
        lambda at, bit: BODY[:at] + bytes([BODY[at] ^ (1 << bit)]) + BODY[at + 1 :],
        st.integers(0, len(BODY) - 1),
        st.integers(0, 7),
    ),
    st.binary(max_size=len(BODY)),
).filter(lambda body: body != BODY)


@given(st.binary(min_size=1, max_size=300), st.data())
def test_a_chunk_as_it_was_written_is_read_from_any_byte_on(body: bytes, data: st.DataObject) -> None:
    store = FakeObjectStore()
    first = data.draw(st.integers(0, len(body)))

    with open_chunk(store, chunk_of(store, body), first) as stream:
        assert stream.read() == body[first:]


@given(changes, st.integers(1, 60), st.integers(0, len(BODY)))
def test_whatever_was_changed_the_end_never_comes_out(changed: bytes, piece: int, first: int) -> None:
    store = FakeObjectStore()
    chunk = chunk_of(store)
    store.objects["x.csv"] = changed
    given_out = []

    def read() -> None:
        with open_chunk(store, chunk, first) as stream:
            while block := stream.read(piece):
                given_out.append(block)

    with pytest.raises(ConfigurationError) as caught:
        read()

    assert caught.value.code == "chunk_changed"
    assert first + sum(map(len, given_out)) < len(BODY) or not given_out


@given(changes)
def test_reading_rows_of_a_changed_chunk_ends_in_the_same_error(changed: bytes) -> None:
    store = FakeObjectStore()
    chunk = chunk_of(store)
    store.objects["x.csv"] = changed

    with pytest.raises(ConfigurationError) as caught:
        list(read_chunk(store, chunk))

    assert caught.value.code == "chunk_changed"


@pytest.mark.parametrize("numbers", [b"", b"2\n3\n", b"2\n3\n4\n5\n", b"2\nthree\n4\n"])
def test_row_numbers_that_do_not_belong_to_the_rows_are_the_same_error(numbers: bytes) -> None:
    store = FakeObjectStore()
    chunk = chunk_of(store)
    store.objects["x.rows"] = numbers

    with pytest.raises(ConfigurationError) as caught:
        list(read_chunk(store, chunk))

    assert caught.value.code == "chunk_changed"


@pytest.mark.parametrize("key", ["x.csv", "x.rows"])
def test_a_chunk_that_is_gone_is_named_so(key: str) -> None:
    store = FakeObjectStore()
    chunk = chunk_of(store)
    del store.objects[key]

    with pytest.raises(ConfigurationError) as caught:
        list(read_chunk(store, chunk))

    assert caught.value.code == "chunk_missing"


def test_the_error_says_which_batch_and_nothing_of_its_rows() -> None:
    store = FakeObjectStore()
    chunk = chunk_of(store)
    store.objects["x.csv"] = BODY[:-4] + b"off\n"

    with pytest.raises(ConfigurationError, match=r"batch subscribe-0001 .* drop the file again") as caught:
        check_chunk(store, chunk)

    assert "example.com" not in str(caught.value)


# --- on the way of each channel --------------------------------------------------------------------------------------


def imported() -> tuple[Relay, DroppedFile]:
    relay = Relay()
    return relay, relay.drop(subscribers(range(10)))


def imported_after_a_look_at_its_values() -> tuple[Relay, DroppedFile]:
    relay = Relay()
    group = relay.listrak.create_group(relay.list_id, "Other", 1)
    relay.listrak.create_field(relay.list_id, group, CITY.name, "Text", CITY.longest - 1, 1)
    return relay, relay.drop(subscribers(range(10)))


def contact_by_contact() -> tuple[Relay, DroppedFile]:
    relay = Relay(small_chunk_rows=50)
    return relay, relay.drop(subscribers(range(10)))


def texted() -> tuple[Relay, DroppedFile]:
    relay = sms_relay()
    return relay, relay.drop(sms_rows(range(10)), "sms/texts/file.csv")


def relayed() -> tuple[Relay, DroppedFile]:
    relay = Relay()
    return relay, relay.drop_feed(ORDERS, "orders/file.csv", {"ordernumber": "0001,1\n0002,1\n"})


def sent(relay: Relay) -> int:
    """Rows, files or calls that changed anything at Listrak."""
    calls = relay.listrak.script.calls
    return len(relay.listrak.imports) + calls.count("save_contact") + relay.sms.writes() + len(relay.sftp.published)


Begun = Callable[[], tuple[Relay, DroppedFile]]


@pytest.mark.parametrize("change", ["one byte", "cut short", "made longer"])
@pytest.mark.parametrize("begin", [imported, imported_after_a_look_at_its_values, contact_by_contact, texted, relayed])
def test_nothing_of_a_changed_chunk_counts_as_sent_and_what_was_put_right_goes(begin: Begun, change: str) -> None:
    relay, source = begin()
    [key] = [key for key in relay.store.objects if key.startswith("chunks/") and key.endswith("-0001.csv")]
    good = relay.store.objects[key]
    bad = {"one byte": good[:-3] + b"~" + good[-2:], "cut short": good[:-9], "made longer": good + good}
    relay.store.objects[key] = bad[change]

    relay.run_to_end()

    report = relay.report(source)
    assert (report["status"], report["problem_code"]) == ("FAILED", "chunk_changed")
    assert report["counts"]["dead_lettered"] == report["counts"]["read"]
    assert len(relay.dead_letters) == 1
    assert sent(relay) == 0

    relay.store.objects[key] = good
    relay.redrive()
    relay.run_to_end()

    report = relay.report(source)
    assert report["status"] == "COMPLETED"
    assert report["counts"]["accepted"] == report["counts"]["read"]


def test_a_chunk_that_is_gone_is_given_up_at_once_by_its_name() -> None:
    relay, source = imported()
    for key in relay.store.keys(keys.chunk_key(source.run_id, "")[: -len(".csv")]):
        del relay.store.objects[key]

    with suppress(KeyError):
        relay.run_to_end(hours=0.1)

    assert relay.ledger.get_run(source.run_id).problem_code == "chunk_missing"
    assert sent(relay) == 0
