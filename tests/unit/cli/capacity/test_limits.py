"""Which limit a night meets first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.capacity.limits import Limit, fits, limits, most_contacts
from cli.capacity.night import Imports, Night
from cli.capacity.stack import DEFAULTS, deployed
from tests.support.paths import ROOT

NIGHT = Night(contacts=100e6, audiences=1_000, destinations=50, hours=8, stack=deployed())


def named(night: Night, name: str) -> Limit:
    (found,) = (limit for limit in limits(night) if limit.name == name)
    return found


def test_the_first_limit_is_the_one_that_is_used_most_of_those_that_stop_something() -> None:
    found = limits(replace(NIGHT, within=0.0, stack=deployed(["Concurrency=new-account"])))
    stopping = [limit for limit in found if not limit.gives_way]

    assert found[: len(stopping)] == stopping
    assert stopping == sorted(stopping, key=lambda limit: -limit.percent)
    assert named(replace(NIGHT, within=0.0), "functions at once").percent > 100
    assert fits(replace(NIGHT, within=0.0))


def test_one_queue_at_listrak_is_the_first_limit_of_a_hundred_million() -> None:
    night = replace(NIGHT, imports_go=Imports.ONE_QUEUE)

    assert limits(night)[0].name == "Listrak's imports"
    assert not fits(night)


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("functions of the EmailQueue", "Concurrency=large"),
        ("functions of the ImportQueue", "Concurrency=large"),
        ("calls to Listrak SMS", "SmsCallsPerSecond=1500"),
        ("reading one file in one function", "LargeFileMb=500"),
    ],
)
def test_what_is_to_be_turned_makes_more_room(name: str, setting: str) -> None:
    large = replace(NIGHT, numbers=1e8, changed=1.0, audiences=5, destinations=5)

    assert setting.split("=")[0] in named(large, name).turn
    assert named(replace(large, stack=deployed([setting])), name).used < named(large, name).used


def test_calls_to_sms_are_bound_by_the_setting_once_enough_of_them_are_made_at_once() -> None:
    night = replace(NIGHT, numbers=5e6, changed=1.0, stack=deployed(["SmsCallsPerSecond=100"]))

    assert named(night, "calls to Listrak SMS").used == pytest.approx(5e6 / 100 / 3_600)
    assert named(night, "calls to Listrak SMS").turn == "SmsCallsPerSecond"


def test_calls_to_sms_are_bound_by_the_functions_where_few_work_at_once() -> None:
    night = replace(NIGHT, numbers=5e6, stack=deployed(["Concurrency=new-account"]))

    assert named(night, "calls to Listrak SMS").turn.startswith("Concurrency=large")


def test_step_functions_read_only_what_is_too_large_for_one_function() -> None:
    assert named(NIGHT, "files that Step Functions reads at once").used == 0
    assert named(replace(NIGHT, contacts=50_000e6), "files that Step Functions reads at once").used == 1_000


@given(st.integers(1, 2_000), st.sampled_from(Imports), st.floats(1, 24))
def test_so_many_contacts_fit_and_a_fiftieth_more_do_not(audiences: int, go: Imports, hours: float) -> None:
    night = replace(NIGHT, audiences=audiences, destinations=1, imports_go=go, hours=hours)
    most = most_contacts(night)

    if most:
        assert fits(replace(night, contacts=most))
        assert not fits(replace(night, contacts=most * 1.02))
    else:
        assert not fits(replace(night, contacts=audiences))


@given(st.floats(1e3, 1e9), st.floats(1, 10))
def test_no_limit_is_used_less_by_more_contacts(contacts: float, times: float) -> None:
    few, many = replace(NIGHT, contacts=contacts), replace(NIGHT, contacts=contacts * times)

    for limit in limits(few):
        assert named(many, limit.name).percent >= limit.percent * (1 - 1e-9)


def test_what_is_to_be_turned_is_a_parameter_of_the_stack_and_on_the_page() -> None:
    page = (ROOT / "docs/planning.md").read_text(encoding="utf-8")
    turned = {word for limit in limits(replace(NIGHT, numbers=1)) for word in DEFAULTS if word in limit.turn}

    assert {"IngestConcurrency", "LargeFileMb"} <= turned
    assert all(word in page for word in turned - {"MaxChunkBytes", "RangeConcurrency"})
    assert all(limit.source in page for limit in limits(NIGHT) if limit.source.startswith("https://"))
