"""What travels between the functions comes out as it went in, and names nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.delivery.email_plan import EmailPlan
from listrak_relay.domain.delivery.feed_plan import FeedPlan
from listrak_relay.domain.delivery.plans import RunPlan
from listrak_relay.domain.delivery.sms_plan import SmsPlan
from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.domain.destinations.destinations import (
    Destination,
    EmailDestination,
    FeedDestination,
    SmsDestination,
)
from listrak_relay.domain.destinations.feed_settings import FeedSettings
from listrak_relay.domain.run.drop_keys import parse_drop_key
from listrak_relay.domain.run.manifest import Chunk, ProfileColumn, RunManifest
from listrak_relay.domain.run.runs import DroppedFile, Tally
from listrak_relay.domain.values import plain_values
from listrak_relay.errors import ConfigurationError, FileRejectedError
from listrak_relay.messages import CloseRun, DeliverChunk, FollowImport, Message, from_json, to_json

words = st.text(max_size=20)
counts = st.integers(0, 10**9)
destinations = st.one_of(
    st.builds(EmailDestination, event_ids=st.lists(counts).map(tuple), list_name=words),
    st.builds(SmsDestination, region=st.none() | words, mode=st.sampled_from(Mode)),
    st.builds(FeedDestination, feed=st.builds(FeedSettings)),
)
manifests = st.builds(
    RunManifest,
    destination=destinations,
    columns=st.lists(st.builds(ProfileColumn), max_size=3).map(tuple),
    chunks=st.lists(st.builds(Chunk), max_size=3).map(tuple),
    notes=st.dictionaries(words, words),
)


@given(st.one_of(st.builds(DeliverChunk), st.builds(FollowImport), st.builds(CloseRun)))
def test_a_message_comes_back_as_it_was_sent(message: Message) -> None:
    assert from_json(to_json(message)) == message


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"version":1,"type":"Other"}', '{"version":1,"type":"CloseRun"}', "null"]
)
def test_a_message_that_is_not_ours_is_named_as_such(body: str) -> None:
    with pytest.raises(ConfigurationError, match="not ours"):
        from_json(body)


def test_a_message_of_another_release_is_not_guessed_at() -> None:
    with pytest.raises(ConfigurationError, match="version 4; this release reads up to 3"):
        from_json('{"version":4,"type":"DeliverChunk","run_id":"email-1","chunk_id":"subscribe-0001"}')


@given(manifests)
def test_a_manifest_comes_back_as_it_was_written(manifest: RunManifest[Destination]) -> None:
    assert plain_values.from_json(RunManifest[Destination], plain_values.to_json(manifest)) == manifest


@given(st.one_of(st.builds(EmailPlan), st.builds(SmsPlan), st.builds(FeedPlan)))
def test_a_plan_comes_back_as_it_was_kept(plan: RunPlan) -> None:
    assert plain_values.from_json(type(plan), plain_values.to_json(plan)) == plan


@given(st.text(), st.text(), st.text())
def test_the_same_file_version_has_the_same_run_and_another_has_another(bucket: str, key: str, version: str) -> None:
    source = DroppedFile(bucket, key, version, 1, "")

    assert source.run_id == DroppedFile(bucket, key, version, 2, "later").run_id
    assert source.run_id != DroppedFile(bucket, key, version + "x", 1, "").run_id
    assert source.run_id.isascii()
    assert "/" not in source.run_id


@given(st.lists(counts, min_size=6, max_size=6), st.lists(counts, min_size=6, max_size=6))
def test_tallies_add_and_take_away_by_state(a: list[int], b: list[int]) -> None:
    assert (Tally(*a) + Tally(*b)).total == sum(a) + sum(b)
    assert Tally(*a) + Tally(*b) - Tally(*b) == Tally(*a)


@given(st.text())
def test_a_drop_key_is_read_or_refused_with_the_form_it_should_have(key: str) -> None:
    try:
        drop = parse_drop_key(key)
    except FileRejectedError as refused:
        code = refused.code
    else:
        code = "read"
        assert drop.destination == key.split("/")[0]
        assert drop.audience == drop.audience.strip() != ""
        assert drop.file_name

    assert code in {"read", "drop_key_invalid", "audience_invalid"}


def test_folders_below_the_audience_belong_to_the_file_name() -> None:
    drop = parse_drop_key("email/vip customers/2026/11/file.csv")

    assert (drop.destination, drop.audience, drop.file_name) == ("email", "vip customers", "2026/11/file.csv")
