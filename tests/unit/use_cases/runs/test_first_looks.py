"""An import is asked after early where imports are short, and no more often than before where they are long."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.lanes.lane import lane_of
from listrak_relay.ports.import_paces import ImportPace
from listrak_relay.use_cases.runs.first_looks import LEAST_SECONDS, FirstLooks, expected_seconds
from listrak_relay.use_cases.runs.manifest_store import load_manifest
from tests.support.fakes import FakeImportPaces
from tests.support.runs.relay import Relay, destination, subscribers

POLL = 15.0


def first_delay(rows: int) -> int:
    relay = Relay()
    source = relay.drop(subscribers(range(5)))
    manifest = load_manifest(relay.store, source.run_id)
    return FirstLooks(FakeImportPaces(), POLL).delay(manifest, replace(manifest.chunks[0], rows=rows))


@given(
    rows=st.integers(1, 10_000_000), pace=st.none() | st.builds(ImportPace, st.integers(1, 10**7), st.floats(0.1, 1e5))
)
def test_more_rows_are_never_expected_sooner(rows: int, pace: ImportPace | None) -> None:
    assert LEAST_SECONDS <= expected_seconds(rows, pace) <= expected_seconds(rows + 1, pace)


def test_a_short_import_is_asked_after_within_seconds_and_a_long_one_as_before() -> None:
    assert first_delay(100) <= LEAST_SECONDS * 1.5
    assert first_delay(1_000_000) >= POLL / 2


def test_what_the_latest_import_of_the_list_took_is_what_the_next_is_expected_to_take() -> None:
    relay = Relay()
    relay.listrak.finish_at_once = False
    relay.drop(subscribers(range(200)))
    relay.run_to_end(hours=0.01)
    relay.clock.advance(400)
    relay.listrak.finish_imports()
    relay.run_to_end()

    learned = relay.import_paces.last(str(lane_of(destination())))
    assert learned is not None
    assert learned.rows == 200
    assert learned.seconds >= 400
    assert expected_seconds(100, learned) == learned.seconds / 2


def test_nothing_is_learned_from_an_import_of_a_few_rows() -> None:
    relay = Relay()

    relay.drop(subscribers(range(20)))
    relay.run_to_end()

    assert relay.import_paces.last(str(lane_of(destination()))) is None
