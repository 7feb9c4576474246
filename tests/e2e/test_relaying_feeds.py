"""Feeds through the whole stack, onto an SFTP server."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from local.commands.sftp_check import check
from local.relay_client import Report
from tests.support.stack.relay import Relay

ORDERS = "OrderNumber,Email,DateEntered\n001,a@example.com,2026-11-23T08:00:00Z\n002,b@example.com,yesterday\n"
ITEMS = "ordernumber,sku,quantity\n001,red,1\n001,blue,2\n003,red,1\n"
PRODUCTS = 'sku,title,description\nred,Red,"Two\nlines"\n'


@pytest.fixture
def folder(relay: Relay) -> Path:
    """Where the server keeps what it gets."""
    folder = relay.stack.sftp.folder
    for path in folder.iterdir():
        path.unlink()
    return folder


def sent(folder: Path, report: Report) -> str:
    name: str = report["notes"]["delivery"]["file_name"]
    return (folder / name).read_text()


def test_a_feed_is_checked_and_sent_under_the_name_that_listrak_imports(relay: Relay, folder: Path) -> None:
    report = relay.run(ORDERS, "orders", "orders.csv")

    assert report["status"] == "COMPLETED"
    assert report["counts"] | {"read": 2, "accepted": 1, "rejected": 1} == report["counts"]
    assert sent(folder, report) == "ordernumber,email,dateentered\n001,a@example.com,2026-11-23T08:00:00Z\n"
    assert [line["reason"] for line in relay.rejects(report)] == ["value_not_date_time"]
    assert [path.name[:19] for path in folder.iterdir()] == ["Listrak_Order_Feed_"]


def test_feeds_that_wait_arrive_in_the_order_of_their_references(relay: Relay, folder: Path) -> None:
    relay.configure("version: 1\ndestinations:\n  orders: {wait_minutes: 5}\n  order_items: {wait_minutes: 5}\n")

    dropped = [
        relay.drop(ITEMS, "order_items", "items.csv"),
        relay.drop(ORDERS, "orders", "orders.csv"),
        relay.drop(PRODUCTS, "products", "products.csv"),
    ]
    items, orders, products = (relay.finish(file) for file in dropped)

    times = [report["notes"]["delivery"]["delivered_at"] for report in (products, orders, items)]
    assert times == sorted(times)
    assert sent(folder, products).endswith("red,Red,Two lines\n")
    assert items["notes"]["warnings"] == {"ordernumber_not_in_latest_orders": 1, "sku_not_in_latest_products": 1}


SHOP = """version: 1
destinations:
  shop_orders: {channel: sftp, feed: orders, same_key: first, unknown_columns: leave_out, data_template: shop}
data_templates:
  shop:
    columns:
      Name: {field: ordernumber}
      Placed: {field: dateentered, type: date, date_format: "%d.%m.%Y"}
      State: {field: status, values: {done: Completed}}
"""
EXPORT = "Name,Placed,State,Item,Note\n#1,23.11.2026,done,red,x\n#1,,,blue,\n#2,24.11.2026,pending,red,y\n"


def test_an_export_under_names_of_its_own_goes_by_its_data_template(relay: Relay, folder: Path) -> None:
    relay.configure(SHOP)

    report = relay.run(EXPORT, "shop_orders", "export.csv")

    assert report["status"] == "COMPLETED"
    assert report["counts"] | {"read": 3, "accepted": 2, "duplicates": 1} == report["counts"]
    assert list(csv.reader(io.StringIO(sent(folder, report)))) == [
        ["ordernumber", "dateentered", "status"],
        ["#1", "2026-11-23", "Completed"],
        ["#2", "2026-11-24", "pending"],
    ]
    assert relay.stack.client.read(report["duplicates_key"]).decode().startswith("row,kept_row\n3,2")


def test_a_file_that_nothing_can_be_sent_of_ends_without_a_file(relay: Relay, folder: Path) -> None:
    relay.configure("version: 1\ndestinations:\n  orders: {on_fault: strict}\n")

    report = relay.run(ORDERS, "orders", "orders.csv")

    assert (report["status"], report["problem_code"]) == ("REJECTED", "feed_strict")
    assert len(relay.rejects(report)) == 2
    assert list(folder.iterdir()) == []


def test_rows_that_are_only_warned_of_are_listed(relay: Relay, folder: Path) -> None:
    relay.configure("version: 1\ndestinations:\n  orders: {on_fault: warn}\n")

    report = relay.run(ORDERS, "orders", "orders.csv")

    text = relay.stack.client.read(report["warnings_key"]).decode()
    assert [line["row"] for line in csv.DictReader(io.StringIO(text))] == ["3"]
    assert sent(folder, report).count("\n") == 3


def test_the_check_shows_both_fingerprints_and_the_folder_and_writes_nothing(relay: Relay, folder: Path) -> None:
    (folder / "Listrak_Order_Feed_1.csv").write_text("ordernumber\n")

    done = check(relay.stack.aws, "orders", quiet=True)

    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    offered, pinned = (line.split()[1] for line in said if line.startswith(("offers", "pinned")))
    assert offered == pinned
    assert said[-1].endswith("Listrak_Order_Feed_1.csv")
    assert [path.name for path in folder.iterdir()] == ["Listrak_Order_Feed_1.csv"]


def test_an_account_that_the_server_refuses_is_said_in_the_report(relay: Relay, folder: Path) -> None:
    secret = "listrak-relay/sftp-wrong"
    value = relay.stack.sftp.secret.replace("made-up", "wrong")
    relay.stack.aws.secretsmanager.create_secret(Name=secret, SecretString=value)
    relay.configure(f"version: 1\ndestinations:\n  shop: {{channel: sftp, feed: orders, secret: {secret}}}\n")

    report = relay.run(ORDERS, "shop", "orders.csv")

    assert (report["status"], report["problem_code"]) == ("FAILED", "sftp_credentials_refused")
    assert list(folder.iterdir()) == []
