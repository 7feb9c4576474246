"""A feed may name a data template; what of it a feed cannot have is a fault of the destination, on the line of the
column."""

from __future__ import annotations

import pytest

from listrak_relay.adapters.libraries.destinations_yaml import parse_configuration, parse_destinations
from listrak_relay.domain.destinations.data_template import ColumnRole, ColumnRule, DataTemplate
from listrak_relay.domain.destinations.destinations import FeedDestination
from listrak_relay.domain.destinations.feed_settings import SameKey, UnknownColumns
from listrak_relay.domain.destinations.file_rules import FileDialect
from listrak_relay.errors import ConfigurationError


def configured(columns: str, feed: str = "orders", destination: str = "") -> str:
    """The first of ``columns`` stands on line 5."""
    lines = "".join(f"      {line}\n" for line in columns.split("\n"))
    return (
        f"version: 1\ndata_templates:\n  shop:\n    columns:\n{lines}"
        f"destinations:\n  shop: {{channel: sftp, feed: {feed}, data_template: shop, {destination}}}\n"
    )


def fault_of(text: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        parse_destinations(text.encode(), "destinations.yaml")
    head, *faults = str(caught.value).split("\n- ")
    assert " it has 1 fault:" in head
    return faults[0]


def test_a_feed_takes_a_data_template_and_what_is_said_of_its_files() -> None:
    text = configured(
        "Total: {field: OrderTotal}\nNote: ignore\n"
        "State: {field: status, values: {Done: Completed, on hold: hold, '?': }}",
        destination="file: {dialect: spark, null_word: ['NULL', n/a]}, same_key: last, unknown_columns: leave_out",
    )

    found = parse_destinations(text.encode(), "destinations.yaml")["shop"]

    assert isinstance(found, FeedDestination)
    assert found.data_template == DataTemplate(
        "shop",
        {
            "Total": ColumnRule(ColumnRole.FIELD, "OrderTotal"),
            "Note": ColumnRule(ColumnRole.IGNORE),
            "State": ColumnRule(
                ColumnRole.FIELD, "status", values=(("done", "Completed"), ("on hold", "hold"), ("?", ""))
            ),
        },
    )
    assert (found.file.dialect, found.file.null_word) == (FileDialect.SPARK, ("NULL", "n/a"))
    assert (found.feed.same_key, found.feed.unknown_columns) == (SameKey.LAST, UnknownColumns.LEAVE_OUT)


@pytest.mark.parametrize(
    ("feed", "columns", "words"),
    [
        (
            "orders",
            "A: {field: ordertotl}",
            "names 'ordertotl', which Listrak does not publish for orders; did you mean ",
        ),
        ("orders", "A: {field: ordertotl}", "did you mean ordertotal?"),
        ("orders", "A: opt_in", "has the role opt_in, but a feed carries no opt status"),
        ("contact_list", "A: opt_out", "has the role opt_out, but a feed carries no opt status"),
        ("orders", "A: phone", "has the role phone, for which Listrak publishes no column of orders"),
        ("products", "A: email", "has the role email, for which Listrak publishes no column of products"),
        ("orders", "A: {field: couponcode, max_length: 10}", "has a max_length, which is for profile fields"),
        ("orders", "A: {field: couponcode, clear_word: X}", "has a clear_word, which works for email only"),
        ("orders", "A: {field: ordertotal, type: text}", "has type: text, but Listrak's ordertotal takes a number"),
        ("orders", "A: {field: ordernumber, type: numeric}", "numeric, but Listrak's ordernumber takes text"),
        (
            "orders",
            "A: {field: ordertotal, type: date, date_format: '%d.%m.%Y'}",
            "has type: date, but Listrak's ordertotal takes a number",
        ),
        ("orders", "A: {field: status, values: {a: Complet}}", "sends 'Complet', which Listrak's status does not take"),
        ("products", "A: {field: instock, values: {a: maybe}}", "sends 'maybe', which Listrak's instock does not take"),
    ],
)
def test_what_makes_no_sense_of_a_feed_is_a_fault_on_the_line_of_the_column(
    feed: str, columns: str, words: str
) -> None:
    extra = "file_name: Weekly.csv" if feed == "contact_list" else ""

    fault = fault_of(configured(f"Notes: ignore\n{columns}", feed, extra))

    assert fault.startswith("line 6: destinations.shop.data_template: the column 'A' of shop ")
    assert words in fault


def test_two_columns_that_are_one_of_listraks_are_a_fault_that_names_both() -> None:
    fault = fault_of(configured("Mail: email\nBuyer: {field: E-Mail}"))

    assert fault.endswith("the column 'Buyer' of shop is Listrak's email, which 'Mail' on line 5 is already")


def test_an_ignored_column_leaves_its_name_to_another() -> None:
    assert parse_destinations(configured("SKU: ignore\nItem: {field: sku}", "products").encode(), "")


def test_a_template_that_does_not_fit_a_feed_stops_that_destination_alone() -> None:
    text = configured("Mail: email\nConsent: opt_in") + "  vip: {channel: email, data_template: shop}\n"

    found = parse_configuration(text.encode(), "destinations.yaml")

    assert "vip" in found.sound
    assert list(found.faulty) == ["shop"]


def test_one_template_can_serve_an_audience_and_the_feed_of_its_customers() -> None:
    columns = "Mail: email\nCell: phone\nGiven: first_name\nFamily: last_name\nPostal: postal_code\n"
    columns += "Born: {role: birthday, date_format: '%d.%m.%Y'}"

    found = parse_destinations(configured(columns, "customers").encode(), "destinations.yaml")

    assert isinstance(found["shop"], FeedDestination)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("file: {max_damaged_percent: 1}", "shop.file.max_damaged_percent: has no effect: rows of a feed that cannot"),
        ("file: {delimitr: ','}", "shop.file.delimitr: the key 'delimitr' is not known"),
        (
            "same_key: second",
            "shop.same_key: the value 'second' is not known; did you mean send? Known: first, last,",
        ),
    ],
)
def test_a_setting_without_effect_is_a_fault(settings: str, words: str) -> None:
    assert fault_of(configured("A: ignore", destination=settings)).startswith(f"line 7: destinations.{words}")


def test_a_contact_list_has_no_unknown_columns() -> None:
    fault = fault_of(configured("A: ignore", "contact_list", "file_name: W.csv, unknown_columns: leave_out"))

    assert "has no effect, since Listrak publishes no columns of a contact list" in fault


def test_an_audience_cannot_send_values_in_other_words() -> None:
    text = "version: 1\ndata_templates:\n  shop:\n    columns:\n      A: {values: {x: y}}\n"
    text += "destinations:\n  vip: {channel: email, data_template: shop}\n"

    assert "shop has values that are sent in other words, which works for feeds only" in fault_of(text)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ("{A: x, a: y}", "columns.A.values.a: stands here a second time; case does not count"),
        ("{A: [x]}", "columns.A.values.A: must be the text that is sent instead"),
        ("{' ': x}", "is blank; blank values are sent as they are"),
        ("[x]", "columns.A.values: must be a table of words of the file and what is sent instead, not a list"),
        ("{" + ", ".join(f"w{n}: x" for n in range(101)) + "}", "columns.A.values: has more than 100 words"),
    ],
)
def test_faulty_words_are_named(values: str, words: str) -> None:
    assert words in fault_of(configured(f"A: {{field: couponcode, values: {values}}}"))
