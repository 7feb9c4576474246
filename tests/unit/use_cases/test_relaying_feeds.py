"""A checked feed file on its way to the SFTP server."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.destinations import BUILT_IN, FeedDestination
from listrak_relay.domain.destinations.feed_settings import Feed, OnFault, default_settings
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.errors import ConfigurationError, OutcomeUnknownError, RetryableError
from tests.support.examples import examples
from tests.support.fakes import Script
from tests.support.runs.crashing import DyingScript, come_to_rest, killed_at
from tests.support.runs.relay import Killed, Relay

ORDERS = [("0001", "a@example.com"), ("0002", "b@example.com")]
ITEMS = [("0001", "red"), ("0003", "red"), ("0003", "blue")]
ITEM_KEYS = {"ordernumber": "0001,1\n0003,2\n", "sku": "blue,1\nred,2\n"}
FILE = b"0001,a@example.com\n0002,b@example.com\n"


def feed(name: str, **changes: Any) -> FeedDestination:
    return FeedDestination(name, feed=replace(default_settings(Feed(name)), **changes))


def names(relay: Relay) -> list[str]:
    return [name for name, _ in relay.sftp.published]


def drop_orders(relay: Relay, key: str = "orders/orders.csv") -> Any:
    return relay.drop_feed(ORDERS, key, {"ordernumber": "0001,1\n0002,1\n"})


def drop_products(relay: Relay) -> Any:
    return relay.drop_feed([("red",)], "products/products.csv", {"sku": "red,1\n"})


def test_a_feed_file_arrives_under_the_name_that_listrak_imports() -> None:
    relay = Relay()

    source = drop_orders(relay)
    relay.run_to_end()

    stamp = source.dropped_at[:19].translate(str.maketrans("", "", "-:T"))
    assert relay.sftp.files == {f"Listrak_Order_Feed_{stamp}.csv": FILE}
    report = relay.report(source)
    assert report["status"] == "COMPLETED"
    assert report["counts"]["accepted"] == 2
    assert report["notes"]["delivery"]["file_name"] == f"Listrak_Order_Feed_{stamp}.csv"


def test_the_same_file_version_is_delivered_once() -> None:
    relay = Relay()
    source = drop_orders(relay)
    relay.run_to_end()

    assert relay.ingest(source) == "duplicate"
    relay.run_to_end()

    assert len(names(relay)) == 1


def test_files_of_one_moment_get_names_of_their_own() -> None:
    relay = Relay()

    for number in range(3):
        drop_orders(relay, f"orders/part_{number}.csv")
    relay.run_to_end()

    assert len(set(names(relay))) == 3


@pytest.mark.parametrize("replace_existing", [True, False])
def test_an_older_file_does_not_take_the_place_of_a_newer_one_that_has_its_name(replace_existing: bool) -> None:
    relay = Relay()
    relay.book.destinations["orders"] = feed("orders", file_name="Orders.csv", replace_existing=replace_existing)
    relay.sftp.script.fail("send", ConfigurationError("sftp_credentials_refused", "wrong"))
    first = drop_orders(relay, "orders/first.csv")
    relay.run_to_end()
    relay.drop_feed([("0009", "z@example.com")], "orders/second.csv", {"ordernumber": "0009,1\n"})
    relay.run_to_end()

    relay.redrive()
    relay.run_to_end()

    assert relay.sftp.files["Orders.csv"] == b"0009,z@example.com\n"
    if replace_existing:
        assert relay.sftp.unfinished() == []
        report = relay.report(first)
        assert (report["counts"]["skipped"], report["reasons"]) == (2, {"superseded": 2})


def replacing() -> Relay:
    """Orders go to one name, and the later file takes the place of the earlier one."""
    relay = Relay()
    relay.book.destinations["orders"] = feed("orders", file_name="Orders.csv", replace_existing=True)
    return relay


def drop_newer(relay: Relay) -> Any:
    return relay.drop_feed([("0009", "z@example.com")], "orders/second.csv", {"ordernumber": "0009,1\n"})


WRONG = ConfigurationError("sftp_credentials_refused", "wrong")
AWAY = RetryableError("away")


@pytest.mark.parametrize(
    ("step", "error", "times"),
    [("send", WRONG, 1), ("rename", WRONG, 1), ("send", AWAY, 4), ("rename", AWAY, 4)],
    ids=["refused while sending", "refused at the end", "away while sending", "away at the end"],
)
@pytest.mark.parametrize("trouble", [None, AWAY, WRONG], ids=["no trouble", "away", "wrong"])
def test_what_a_file_that_was_given_up_has_left_is_removed_and_a_redrive_sends_the_whole_of_it(
    step: str, error: Exception, times: int, trouble: Exception | None
) -> None:
    relay = Relay()
    relay.sftp.script.fail(step, error, times=times)
    if trouble:
        relay.sftp.script.fail("clear", trouble, times=3)
    source = drop_orders(relay)
    relay.run_to_end(hours=0.1)
    left = len(relay.sftp.unfinished())

    relay.run_to_end()

    assert (left, relay.sftp.unfinished()) == (1, [])
    assert relay.report(source)["counts"]["dead_lettered"] == 2
    relay.redrive()
    relay.run_to_end()
    assert [content for _, content in relay.sftp.published] == [FILE]
    assert relay.report(source)["counts"]["accepted"] == 2


def test_a_server_that_lets_nothing_be_removed_is_asked_for_half_a_day() -> None:
    relay = Relay()
    relay.sftp.script.fail("send", WRONG)
    relay.sftp.script.fail("clear", WRONG, times=1_000)
    drop_orders(relay)

    relay.run_to_end()

    assert not relay.waits()
    assert 30 < relay.sftp.script.calls.count("clear") < 100


def test_what_a_file_has_left_that_was_never_returned_to_the_queue_is_removed_after_the_sweep() -> None:
    relay = Relay()
    relay.sftp.script.fail("send", Killed(), times=4)
    source = drop_orders(relay)
    relay.run_to_end()
    left = len(relay.sftp.unfinished())
    relay.clock.advance(50 * 3600)

    relay.sweep()
    relay.run_to_end()

    assert (left, relay.sftp.unfinished()) == (1, [])
    assert relay.report(source)["problem_code"] == "overdue"


def test_an_overtaken_file_is_superseded_whether_or_not_the_server_lets_its_leftovers_be_removed() -> None:
    relay = replacing()
    relay.sftp.script.fail("send", WRONG)
    relay.sftp.script.fail("clear", WRONG, times=1_000)
    first = drop_orders(relay, "orders/first.csv")
    relay.run_to_end()
    drop_newer(relay)
    relay.run_to_end()
    left = len(relay.sftp.unfinished())

    relay.redrive()
    relay.run_to_end()
    superseded = relay.report(first)["reasons"]
    relay.sftp.script = Script()
    drop_newer(relay)
    relay.run_to_end()

    assert left == 1
    assert superseded == {"superseded": 2}
    assert relay.dead_letters == []


@pytest.mark.parametrize("takes_away", [False, True])
def test_a_file_that_went_before_it_was_overtaken_counts_as_sent(takes_away: bool) -> None:
    relay = replacing()
    relay.sftp.takes_away = takes_away
    relay.ledger.script.fail("settle", Killed(), times=1)
    first = drop_orders(relay, "orders/first.csv")
    relay.run_to_end(hours=0)
    second = drop_newer(relay)

    relay.run_to_end()

    assert [content for _, content in relay.sftp.published] == [FILE, b"0009,z@example.com\n"]
    assert [relay.report(source)["counts"]["accepted"] for source in (first, second)] == [2, 1]
    latest = json.loads(relay.store.objects[keys.delivered_key("own", "orders")])
    assert latest["run_id"] == second.run_id


def test_a_file_whose_rename_was_asked_for_and_not_done_gives_way_to_a_newer_one() -> None:
    relay = replacing()
    relay.sftp.script.fail("rename", Killed())
    first = drop_orders(relay, "orders/first.csv")
    relay.run_to_end(hours=0)
    drop_newer(relay)

    relay.run_to_end()

    assert [content for _, content in relay.sftp.published] == [b"0009,z@example.com\n"]
    assert relay.sftp.unfinished() == []
    assert relay.report(first)["reasons"] == {"superseded": 2}


def test_a_newer_file_that_never_went_does_not_keep_an_older_one_back() -> None:
    relay = Relay()
    relay.book.destinations["orders"] = feed("orders", file_name="Orders.csv", replace_existing=True)
    refused = ConfigurationError("sftp_credentials_refused", "wrong")
    relay.sftp.script.fail("send", refused, times=2)
    drop_orders(relay, "orders/first.csv")
    relay.run_to_end()
    relay.drop_feed([("0009", "z@example.com")], "orders/second.csv", {"ordernumber": "0009,1\n"})
    relay.run_to_end()

    relay.redrive()
    relay.run_to_end()

    assert [content for _, content in relay.sftp.published] == [FILE, b"0009,z@example.com\n"]


def test_a_file_that_is_dropped_again_is_delivered_again() -> None:
    relay = Relay()
    drop_orders(relay)
    drop_orders(relay)

    relay.run_to_end()

    assert len(set(names(relay))) == 2


def test_a_feed_key_may_leave_the_audience_out_and_an_audience_may_not() -> None:
    relay = Relay()

    relay.ingest(drop_orders(relay, "orders/2026/11/orders.csv"))
    lost = relay.drop([], "email/people.csv")
    relay.run_to_end()

    assert len(names(relay)) == 1
    assert relay.report(lost)["problem_code"] == "drop_key_invalid"


def test_a_file_that_the_importer_took_away_at_once_is_not_taken_for_lost() -> None:
    relay = Relay()
    relay.sftp.takes_away = True
    relay.sftp.script.fail("rename", OutcomeUnknownError("the connection broke"), after=True)

    source = drop_orders(relay)
    relay.run_to_end()

    assert [content for _, content in relay.sftp.published] == [FILE]
    assert relay.report(source)["status"] == "COMPLETED"


def test_a_server_that_is_away_for_a_while_gets_the_file_later() -> None:
    relay = Relay()
    relay.sftp.script.fail("send", RetryableError("not reachable"), times=2)

    source = drop_orders(relay)
    relay.run_to_end()

    assert relay.report(source)["status"] == "COMPLETED"


def test_a_server_that_is_away_for_half_a_day_is_told_within_minutes_and_a_redrive_delivers_the_file() -> None:
    relay = Relay(max_receives=10)
    relay.sftp.script.fail("send", RetryableError("not reachable"), times=10)
    source = drop_orders(relay)

    relay.run_to_end(hours=0.05)
    assert relay.ledger.get_run(source.run_id).trouble == "not reachable"
    assert relay.sweep().troubled == 1

    relay.run_to_end(hours=12)
    report = relay.report(source)
    assert (report["status"], report["counts"]["dead_lettered"], names(relay)) == ("FAILED", 2, [])
    waits = [seconds for _, seconds in relay.feed_queue.postponed[:9]]
    assert sum(waits[:3]) <= 120, "the run tells what keeps it at its fourth delivery"
    assert 1_800 <= sum(waits) + 9 <= 3_700
    assert len(relay.dead_letters) == 1

    relay.redrive()
    relay.run_to_end()
    assert relay.report(source)["status"] == "COMPLETED"
    assert [content for _, content in relay.sftp.published] == [FILE]


def test_a_wrong_account_sets_the_file_aside_and_a_redrive_delivers_it() -> None:
    relay = Relay()
    relay.sftp.script.fail("send", ConfigurationError("sftp_login_refused", "the server refused the account"))
    source = drop_orders(relay)
    relay.run_to_end()
    assert relay.report(source)["counts"]["dead_lettered"] == 2

    relay.redrive()
    relay.run_to_end()

    assert relay.report(source)["status"] == "COMPLETED"
    assert len(names(relay)) == 1


def test_when_the_time_runs_out_the_next_invocation_goes_on() -> None:
    relay = Relay()
    relay.time_left.seconds = 20
    source = drop_orders(relay)
    relay.run_to_end(hours=0.001)
    assert not names(relay)

    relay.time_left.seconds = 900
    relay.run_to_end()

    assert relay.report(source)["status"] == "COMPLETED"
    assert len(names(relay)) == 1


def test_a_file_of_a_strict_destination_says_why_nothing_was_sent() -> None:
    relay = Relay(feed("orders", on_fault=OnFault.STRICT))
    relay.feed_reader.problem = ("feed_strict", "rows break a rule")
    relay.feed_reader.rejected = 3
    relay.feed_reader.rejects = "row,outcome,reason,column,detail,record\n2,rejected,key_missing,,,\n"

    source = relay.drop_feed([], "orders/orders.csv")
    relay.run_to_end()

    report = relay.report(source)
    assert (report["status"], report["problem_code"]) == ("REJECTED", "feed_strict")
    assert report["balanced"]
    assert not names(relay)


def test_items_of_orders_and_products_that_were_not_delivered_last_are_counted() -> None:
    relay = Relay()
    drop_products(relay)
    drop_orders(relay)
    relay.run_to_end()

    source = relay.drop_feed(ITEMS, "order_items/items.csv", ITEM_KEYS)
    relay.run_to_end()

    notes = relay.report(source)["notes"]
    assert notes["warnings"] == {"ordernumber_not_in_latest_orders": 2, "sku_not_in_latest_products": 1}
    assert notes["compared_with"]["orders"]["missing_keys"] == 1
    assert relay.report(source)["counts"]["accepted"] == 3


def test_items_are_not_compared_where_nothing_was_delivered_before() -> None:
    relay = Relay()

    source = relay.drop_feed(ITEMS, "order_items/items.csv", ITEM_KEYS)
    relay.run_to_end()

    assert relay.report(source)["notes"]["compared_with"] == {"orders": None, "products": None}
    assert relay.report(source)["notes"]["warnings"] == {}


def test_files_go_as_they_come_unless_they_are_to_wait() -> None:
    relay = Relay()

    relay.drop_feed(ITEMS, "order_items/items.csv", ITEM_KEYS)
    drop_orders(relay)
    drop_products(relay)
    relay.run_to_end()

    assert [name.split("_")[1] for name in names(relay)] == ["OrderItem", "Order", "Product"]


def waiting_relay() -> Relay:
    relay = Relay(feed("order_items", wait_minutes=30))
    relay.book.destinations["orders"] = feed("orders", wait_minutes=30)
    return relay


def test_files_that_wait_go_in_the_order_of_their_references() -> None:
    relay = waiting_relay()

    items = relay.drop_feed(ITEMS, "order_items/items.csv", ITEM_KEYS)
    drop_orders(relay)
    relay.clock.advance(60)
    drop_products(relay)
    relay.run_to_end()

    assert [name.split("_")[1] for name in names(relay)] == ["Product", "Order", "OrderItem"]
    assert relay.report(items)["notes"]["compared_with"]["products"]["missing_keys"] == 1


def test_a_file_waits_no_longer_than_it_is_told() -> None:
    relay = waiting_relay()
    began = relay.clock.now()

    source = relay.drop_feed(ITEMS, "order_items/items.csv", ITEM_KEYS)
    relay.run_to_end()

    assert relay.report(source)["status"] == "COMPLETED"
    assert 30 * 60 <= relay.clock.now() - began < 40 * 60


def test_a_delivery_of_last_week_is_not_what_is_waited_for() -> None:
    relay = waiting_relay()
    drop_products(relay)
    drop_orders(relay)
    relay.run_to_end()
    relay.clock.advance(7 * 86_400)
    began = relay.clock.now()

    relay.drop_feed(ITEMS, "order_items/items.csv", ITEM_KEYS)
    relay.run_to_end()

    assert relay.clock.now() - began >= 30 * 60


def test_a_name_without_a_time_is_given_again_only_where_the_account_says_so() -> None:
    relay = Relay(feed("orders", file_name="Orders.csv"))
    drop_orders(relay)
    relay.run_to_end()
    second = drop_orders(relay)
    relay.run_to_end()
    assert relay.report(second)["problem_code"] == "sftp_file_exists"

    relay.book.destinations["orders"] = feed("orders", file_name="Orders.csv", replace_existing=True)
    drop_orders(relay)
    relay.run_to_end()

    assert names(relay) == ["Orders.csv", "Orders.csv"]


def test_a_destination_of_its_own_account_has_deliveries_of_its_own() -> None:
    relay = Relay(replace(feed("order_items"), secret="relay/other"))
    drop_orders(relay)
    relay.run_to_end()

    source = relay.drop_feed(ITEMS, "order_items/items.csv", ITEM_KEYS)
    relay.run_to_end()

    assert relay.report(source)["notes"]["compared_with"]["orders"] is None


def outcome(relay: Relay, crashes: set[int]) -> dict[str, Any]:
    drop_orders(relay, "orders/before.csv")
    relay.run_to_end()
    script = killed_at(relay, crashes)
    relay.feed_reader.rejected = 1
    relay.feed_reader.reasons = {"key_missing": 1}
    relay.feed_reader.rejects = "row,outcome,reason,column,detail,record\n9,rejected,key_missing,sku,,\n"
    source = relay.drop_feed(ITEMS, "order_items/items.csv", ITEM_KEYS)
    come_to_rest(relay, script)
    report = relay.report(source)
    return {
        "counts": report["counts"],
        "status": report["status"],
        "balanced": report["balanced"],
        "published": relay.sftp.published[1:],
        "rejects": relay.lines(source),
        "warnings": report["notes"]["warnings"],
        "latest": json.loads(relay.store.objects[keys.delivered_key("own", "order_items")])["run_id"],
    }


def fresh(takes_away: bool) -> Relay:
    relay = Relay()
    relay.sftp.takes_away = takes_away
    return relay


@pytest.mark.parametrize("takes_away", [False, True])
@examples(20)
@given(crashes=st.sets(st.integers(0, 160), max_size=3))
def test_a_crash_at_any_step_leaves_one_file_and_the_same_counts(takes_away: bool, crashes: set[int]) -> None:
    expected = outcome(fresh(takes_away), set())

    assert outcome(fresh(takes_away), crashes) == expected
    assert expected["balanced"]


@pytest.mark.parametrize("takes_away", [False, True])
def test_a_single_crash_at_every_step_in_turn_leaves_one_file(takes_away: bool) -> None:
    relay = fresh(takes_away)
    script: DyingScript = killed_at(relay, set())
    relay.drop_feed(ITEMS, "order_items/items.csv", ITEM_KEYS)
    relay.run_to_end()
    assert 15 < script.taken < 80
    expected = outcome(fresh(takes_away), set())

    different = [step for step in range(2 * script.taken) if outcome(fresh(takes_away), {step}) != expected]

    assert different == []


def test_the_channel_of_the_built_in_feeds_is_sftp() -> None:
    assert {name for name, d in BUILT_IN.items() if d.channel is Channel.SFTP} == {
        "customers",
        "products",
        "orders",
        "order_items",
    }
