"""Mode `mirror`: the audience is what the last file says, and never more is taken away than the guard allows."""

from __future__ import annotations

import pytest

from tests.support.stack.relay import MASTER_LIST, Relay, people

MIRROR = "version: 1\ndestinations:\n  mirrored: {channel: email, mode: mirror}\n"


@pytest.fixture(autouse=True)
def _many_subscribers(relay: Relay) -> None:
    crowd = {"list_name": MASTER_LIST, "generated_contacts": {"count": 2_000, "prefix": "crowd"}}
    relay.simulator.seed({"lists": [crowd]})
    relay.configure(MIRROR)


def test_the_audience_becomes_what_the_file_says(relay: Relay) -> None:
    relay.run(people(100), destination="mirrored")

    report = relay.run(people(90) + people(5, prefix="newcomer").split("\n", 1)[1], destination="mirrored")

    assert report["status"] == "COMPLETED"
    assert report["counts"]["accepted"] == 95
    assert len(relay.members()) == 95
    assert "newcomer.00001@example.com" in relay.members()
    assert "person.00091@example.com" not in relay.members()


def test_more_than_the_guard_allows_is_not_taken_away(relay: Relay) -> None:
    relay.run(people(600), destination="mirrored")

    report = relay.run(people(60), destination="mirrored")

    assert report["status"] == "REJECTED"
    assert report["balanced"]
    assert report["attention"]
    assert len(relay.members()) == 600


@pytest.mark.parametrize("content", ["", "email\n", "email\nnobody\n"], ids=["empty", "header only", "all rejected"])
def test_a_file_without_anybody_clears_nothing(relay: Relay, content: str) -> None:
    relay.run(people(60), destination="mirrored")

    relay.run(content, destination="mirrored")

    assert len(relay.members()) == 60
