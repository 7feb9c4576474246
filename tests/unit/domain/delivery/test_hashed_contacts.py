"""A set of contacts by their hashes: what was added is in it, in this process and the next."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.delivery.hashed_contacts import HashedContacts

contacts = st.from_regex(r"[a-zA-Z0-9.]{1,12}@example\.com", fullmatch=True)


def written(of: list[str], expected: int | None = None) -> bytes:
    found = HashedContacts(len(of) if expected is None else expected)
    for contact in of:
        found.add(contact)
    found.sort()
    stream = io.BytesIO()
    found.write(stream)
    return stream.getvalue()


@given(st.lists(contacts, unique_by=str.casefold), st.lists(contacts), st.integers(1, 5), st.integers(0, 50))
def test_it_holds_what_was_added_whatever_was_expected_and_the_number_of_parts(
    added: list[str], asked: list[str], parts: int, expected: int
) -> None:
    found = HashedContacts(expected)
    for part in range(parts):
        found.read(io.BytesIO(written(added[part::parts], expected)))
    found.sort()

    folded = {contact.casefold() for contact in added}
    assert len(found) == len(added)
    assert all(contact.upper() in found for contact in added)
    assert [contact for contact in asked if contact in found] == [c for c in asked if c.casefold() in folded]


def test_what_is_written_is_sorted_and_eight_bytes_for_each() -> None:
    body = written([f"person{n}@example.com" for n in range(3_000)])

    hashes = [int.from_bytes(body[at : at + 8], "little") for at in range(0, len(body), 8)]
    assert len(hashes) == 3_000
    assert hashes == sorted(hashes)


def test_more_than_is_read_at_once_is_read() -> None:
    everybody = [f"person{n}@example.com" for n in range(140_000)]  # more than a mebibyte

    found = HashedContacts(140_000)
    found.read(io.BytesIO(written(everybody)))
    found.sort()

    assert len(found) == 140_000
    assert all(contact in found for contact in everybody[::97])
    assert "nobody@example.com" not in found
