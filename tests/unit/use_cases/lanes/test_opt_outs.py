"""A no is remembered for a list, whether the list knew the person or not, and holds against a yes that is assumed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.lanes.lane import dropped_seconds
from listrak_relay.domain.run.manifest import Action
from listrak_relay.use_cases.lanes.opt_outs import ENTRY_BYTES, OptOuts
from listrak_relay.use_cases.runs.manifest_store import load_manifest
from tests.support.examples import examples
from tests.support.fakes import FakePersonHashes
from tests.support.runs.relay import Relay, destination, email_of, subscribers
from tests.support.runs.sms_relay import digits, sms_relay, sms_rows


@pytest.mark.parametrize("small_chunk_rows", [2, 50], ids=["by import", "by contact"])
def test_whoever_said_no_is_not_subscribed_by_a_file_that_asks_nobody(small_chunk_rows: int) -> None:
    relay = Relay(small_chunk_rows=small_chunk_rows)
    relay.drop(subscribers([3], Action.UNSUBSCRIBE), "email/vip/no.csv")
    relay.run_to_end()
    relay.reader.assumed = True
    everybody = relay.drop(subscribers(range(5)), "email/vip/all.csv")
    relay.run_to_end()

    assert email_of(3) not in relay.listrak.subscribers(relay.list_id)
    report = relay.report(everybody)
    assert report["reasons"] == {"opted_out_before": 1}
    assert report["counts"]["accepted"] == 4
    assert report["attention"] == []
    assert "opted_out_before" in relay.lines(everybody, skipped=True)[0]


def test_a_yes_of_their_own_subscribes() -> None:
    relay = Relay()
    relay.drop(subscribers([3], Action.UNSUBSCRIBE), "email/vip/no.csv")
    relay.run_to_end()
    relay.drop(subscribers(range(5)), "email/vip/yes.csv")
    relay.run_to_end()

    assert email_of(3) in relay.listrak.subscribers(relay.list_id)


def test_sms_remembers_too() -> None:
    relay = sms_relay()
    relay.drop(sms_rows([3], Action.UNSUBSCRIBE), "sms/vip/no.csv")
    relay.run_to_end()
    relay.reader.assumed = True
    everybody = relay.drop(sms_rows([1, 2, 3]), "sms/vip/all.csv")
    relay.run_to_end()

    assert relay.sms.subscribed() == [digits(1), digits(2)]
    assert relay.report(everybody)["reasons"] == {"opted_out_before": 1}


def test_another_list_has_a_memory_of_its_own() -> None:
    relay = Relay()
    other = relay.listrak.add_list("Other")
    relay.drop(subscribers([3], Action.UNSUBSCRIBE), "email/vip/no.csv")
    relay.run_to_end()
    relay.book.destinations["other"] = replace(destination(list_name="Other"), name="other")
    relay.reader.assumed = True
    relay.drop(subscribers(range(5)), "other/vip/all.csv")
    relay.run_to_end()

    assert email_of(3) in relay.listrak.subscribers(other)


def test_nobody_is_told_by_what_is_remembered() -> None:
    relay = Relay()
    relay.drop(subscribers([3], Action.UNSUBSCRIBE), "email/vip/no.csv")

    (key,) = relay.store.keys("opt_outs/")
    assert len(relay.store.objects[key]) == ENTRY_BYTES
    assert b"person" not in relay.store.objects[key]
    assert "person" not in key


@examples(10)
@given(
    files=st.lists(st.sets(st.integers(0, 20), min_size=1), min_size=1, max_size=6),
    entries=st.integers(1, 5),
    most=st.integers(1, 4),
    forgotten=st.sets(st.integers(0, 20), max_size=6),
)
def test_what_is_remembered_is_what_was_said_however_it_is_cut_and_merged(
    files: list[set[int]], entries: int, most: int, forgotten: set[int]
) -> None:
    relay = Relay()
    runs = [
        relay.drop(subscribers(sorted(file), Action.UNSUBSCRIBE), f"email/vip/{n}.csv") for n, file in enumerate(files)
    ]
    for key in relay.store.keys("opt_outs/"):
        relay.store.delete(key)
    opt_outs = OptOuts(relay.store, FakePersonHashes(), segment_entries=entries, most_segments=most)
    manifests = [load_manifest(relay.store, run.run_id) for run in runs]
    for manifest in manifests:
        opt_outs.remember(manifest)
    people = [email_of(number) for number in range(21)]

    assert opt_outs.remembered(manifests[-1], people) == set().union(*files)

    for number in forgotten:
        opt_outs.keep_out("email/email//masterlist", email_of(number), dropped_seconds(manifests[-1].source))
    assert opt_outs.remembered(manifests[-1], people) == set().union(*files) | forgotten
    assert len(relay.store.keys("opt_outs/")) <= max(most, 1)


def test_somebody_who_is_kept_out_counts_for_files_dropped_later_only() -> None:
    relay = Relay()
    before = relay.drop(subscribers([1]), "email/vip/before.csv")
    manifest = load_manifest(relay.store, before.run_id)
    opt_outs = OptOuts(relay.store, FakePersonHashes())

    opt_outs.keep_out("email/email//masterlist", email_of(1), dropped_seconds(before) + 1)

    assert opt_outs.remembered(manifest, [email_of(1)]) == set()
    later = replace(manifest, source=replace(before, dropped_at="2030-01-01T00:00:00Z"))
    assert opt_outs.remembered(later, [email_of(1)]) == {0}


def later(relay: Relay, day: int) -> None:
    relay.drops.dropped_at = f"2026-02-{day:02}T00:00:00Z"


def test_a_yes_of_their_own_holds_for_the_files_behind_it_too() -> None:
    relay = Relay(destination(resubscribe=True))
    for day, action in enumerate([Action.UNSUBSCRIBE, Action.SUBSCRIBE], start=1):
        later(relay, day)
        relay.drop(subscribers([3], action), f"email/vip/{day}.csv")
        relay.run_to_end()
    later(relay, 3)
    relay.reader.assumed = True
    everybody = relay.drop(subscribers(range(5), city="York"), "email/gold/all.csv")
    relay.run_to_end()

    assert email_of(3) in relay.listrak.members(relay.list_id, "gold")
    assert relay.report(everybody)["counts"]["accepted"] == 5


@examples(20)
@given(
    said=st.lists(
        st.tuples(st.sets(st.integers(0, 4), min_size=1), st.sampled_from([Action.SUBSCRIBE, Action.UNSUBSCRIBE])),
        min_size=1,
        max_size=8,
    ),
    entries=st.integers(1, 3),
    most=st.integers(1, 4),
)
def test_the_last_word_of_their_own_is_what_is_remembered(
    said: list[tuple[set[int], Action]], entries: int, most: int
) -> None:
    """Of a file in the middle, too, but that somebody whose no is not the last may count as one who said no."""
    relay = Relay()
    opt_outs = OptOuts(relay.store, FakePersonHashes(), segment_entries=entries, most_segments=most)
    runs = []
    for day, (people, action) in enumerate(said, start=1):
        later(relay, day)
        runs.append(relay.drop(subscribers(sorted(people), action), f"email/vip/{day}.csv"))
    for key in relay.store.keys("opt_outs/"):
        relay.store.delete(key)
    manifests = [load_manifest(relay.store, run.run_id) for run in runs]
    for manifest in manifests:
        opt_outs.remember(manifest)

    everybody = [email_of(number) for number in range(5)]
    for number, manifest in enumerate(manifests, start=1):
        last = {person: action for named, action in said[:number] for person in named}
        said_no = {person for person, action in last.items() if action is Action.UNSUBSCRIBE}
        found = opt_outs.remembered(manifest, everybody)
        assert said_no <= found
        if number == len(manifests):
            assert found == said_no
