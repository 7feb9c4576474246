"""What a night takes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.capacity import measured
from cli.capacity.night import Imports, Night, looks_at
from cli.capacity.stack import deployed
from listrak_relay.domain.run.costs import COUNTERS, dollars

NIGHT = Night(contacts=100e6, audiences=1_000, destinations=50, hours=8, stack=deployed())

nights = st.builds(
    lambda contacts, audiences, share, numbers, changed, go: Night(
        contacts=contacts,
        audiences=audiences,
        destinations=max(1, round(audiences * share)),
        hours=8,
        stack=deployed(),
        numbers=numbers,
        changed=changed,
        imports_go=go,
    ),
    st.floats(1e3, 1e9),
    st.integers(1, 5_000),
    st.floats(0, 1),
    st.floats(0, 1e8),
    st.floats(0, 1),
    st.sampled_from(Imports),
)


def total(night: Night) -> float:
    return sum(dollars(night.usage()).values())


def test_imports_are_counted_by_the_size_of_an_audience() -> None:
    assert NIGHT.imports == 1_000
    assert replace(NIGHT, contacts=2_000e6).imports == 2_000


def test_the_looks_at_an_import_are_those_of_a_wait_that_grows_by_half_up_to_five_minutes() -> None:
    # 15, 22.5, 33.75, 50.6, 75.9, 113.9, 170.9 and 256.3 s are 739 s, and from then on 300 s each.
    assert [looks_at(seconds, 15) for seconds in (0, 1, 15, 16, 739, 740, 1_040, 3_440)] == [0, 1, 1, 2, 9, 9, 10, 18]


@pytest.mark.parametrize(
    ("go", "hours"), [(Imports.BY_LIST, 2_000 / 3_600), (Imports.ONE_QUEUE, 100_000 / 3_600), (Imports.AT_ONCE, 1 / 36)]
)
def test_imports_take_listrak_as_long_as_those_that_wait_for_each_other(go: Imports, hours: float) -> None:
    assert replace(NIGHT, imports_go=go).listrak_seconds / 3_600 == pytest.approx(hours)


def test_all_that_a_night_uses_has_a_price() -> None:
    assert set(replace(NIGHT, numbers=1e6).usage()) <= set(COUNTERS)
    for work in (measured.EMAIL_RUN, measured.CONTACT, measured.LOOK, measured.SMS_RUN, measured.CHANGED_NUMBER):
        assert set(work.amounts) <= set(COUNTERS)


@given(nights, st.floats(1.0, 10.0))
def test_more_contacts_numbers_or_changes_never_cost_less(night: Night, times: float) -> None:
    assert total(replace(night, contacts=night.contacts * times)) >= total(night)
    assert total(replace(night, numbers=night.numbers * times)) >= total(night)
    assert total(replace(night, changed=min(1.0, night.changed * times))) >= total(night)


@given(nights)
def test_more_lists_never_take_listrak_longer(night: Night) -> None:
    more = replace(night, destinations=min(night.audiences, night.destinations * 2))

    assert more.listrak_seconds <= night.listrak_seconds
    assert more.looks <= night.looks


@given(nights)
def test_a_night_costs_what_its_parts_cost(night: Night) -> None:
    email = replace(night, numbers=0)
    texts = {
        name: night.usage()[name] - email.usage().get(name, 0.0)
        for name in ("gb_seconds", "write_units", "sqs_requests", "s3_writes")
    }

    assert all(amount >= 0 for amount in texts.values())
    assert total(night) == pytest.approx(
        total(email)
        + sum(dollars({name: night.usage()[name] - email.usage()[name] for name in email.usage()}).values())
    )
