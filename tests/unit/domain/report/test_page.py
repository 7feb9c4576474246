"""The report's page: it tells the run, needs nothing from elsewhere, and shows text as text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from listrak_relay.domain.report.index import index_page
from listrak_relay.domain.report.page import report_page, taken_away
from tests.support.runs.reports import a_report

VOID = {"meta", "br", "wbr"}


class Structure(HTMLParser):
    """Fails where a tag is not closed; gathers text and links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"} and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.text += data


def test_the_page_tells_how_many_arrived_and_what_became_of_the_others() -> None:
    page = Structure(
        report_page(a_report(done={"subscribed": 980, "unsubscribed": 10}, list="Master List", mode="add"))
    )

    assert "990" in page.text
    assert "people at Listrak as the file says" in page.text
    assert "not an email address that mail can be sent to" in page.text
    assert "whoever makes the file" in page.text.lower()
    assert "980 subscribed, 10 unsubscribed" in page.text
    assert "Master List" in page.text
    assert "Every row is accounted for." in page.text


def test_a_run_that_does_not_balance_says_so_in_no_small_words() -> None:
    assert "do NOT add up" in Structure(report_page(a_report(balanced=False, status="FAILED"))).text


def test_of_a_mirrored_audience_the_page_tells_its_size_before_and_now() -> None:
    text = Structure(report_page(a_report(audience_size={"before": 1_200, "new": 40, "gone": 250, "now": 990}))).text

    assert "people in the audience now" in text
    assert "1,200 before" in text


def test_the_page_names_what_was_made_in_listrak() -> None:
    text = Structure(report_page(a_report(made={"groups": ["Shop"], "fields": ["vip", "City"]}))).text

    assert "Profile field group madeShop" in text
    assert "Profile fields madevip, City" in text


@pytest.mark.parametrize(("dollars", "words"), [(0.0123, "$0.0123 of AWS"), (0.00001, "Less than $0.0001 of AWS")])
def test_the_page_tells_what_the_run_cost(dollars: float, words: str) -> None:
    cost = {
        "dollars": dollars,
        "counted": {"gb_seconds": 1.5, "invocations": 1_200},
        "priced_at": "then",
        "not_counted": "nothing else is in it",
    }
    text = Structure(report_page(a_report(cost=cost))).text

    assert words in text
    assert "1.5 Lambda GB-seconds, 1,200 Lambda requests. Prices: then; nothing else is in it." in text


def test_the_page_has_a_line_of_time_from_the_drop_on() -> None:
    moments = {
        "dropped": "2027-01-15T08:00:00Z",
        "read": "2027-01-15T08:00:12.500Z",
        "sent_first": "2027-01-15T08:45:00.000Z",
        "closed": "2027-01-15T11:30:00.000Z",
    }
    timeline = [{"at": at, "what": what} for what, at in moments.items()]
    text = Structure(report_page(a_report(timeline=timeline, waited_seconds=1_800))).text

    assert "2027-01-15 08:00:00 the file was dropped" in text
    assert "2027-01-15 08:00:12 the file had been read +12.5 s" in text
    assert "the first batch was being sent +45 min" in text
    assert "the run was closed +3.5 h" in text
    assert "Of that it waited 30 min for older runs" in text


def test_the_page_asks_nothing_of_anybody_and_leads_only_to_files_beside_it_and_the_list() -> None:
    text = report_page(a_report(rejects_key="runs/r/rejects.csv", skipped_key=None))

    assert sorted(Structure(text).links) == ["../index.html", "rejects.csv", "report.json"]
    assert not re.search(r"https?://|<script|@import|url\(", text)


def test_what_a_file_says_is_shown_and_never_run() -> None:
    attack = "<script>alert(1)</script>"
    report = a_report(audience=attack, attention=[attack], problem=attack, notes={"columns": [attack]})
    entry: dict[str, Any] = {
        "run_id": "r",
        "status": "FAILED",
        "where": attack,
        "headline": attack,
        "closed_at": "2027-01-15T08:00",
    }
    entry |= {"attention": 1}

    for page in (report_page(report), index_page([entry])):
        assert "<script" not in page
        assert attack in Structure(page).text


def test_a_file_that_was_not_read_has_a_page_too() -> None:
    nothing = dict.fromkeys(a_report()["counts"], 0)
    report = a_report(
        status="REJECTED", counts=nothing, reasons={}, problem="no column holds email addresses", notes={}
    )

    assert "Nothing was sent" in Structure(report_page(report)).text


def test_a_file_that_was_not_read_shows_no_steps_and_nothing_that_changed() -> None:
    nothing = dict.fromkeys(a_report()["counts"], 0)
    report = a_report(status="REJECTED", counts=nothing, reasons={}, problem="It breaks off.", notes={}, list="VIP")

    text = Structure(report_page(report)).text

    assert "Where it was to go" in text
    assert "From rows to people" not in text
    assert "What changed" not in text


def test_files_without_rows_are_not_offered() -> None:
    keys = {"rejects_key": "runs/r/rejects.csv", "skipped_key": "runs/r/skipped.csv"}
    well = {**dict.fromkeys(a_report()["counts"], 0), "read": 5, "accepted": 5}
    damaged = {**dict.fromkeys(well, 0), "read": None}

    assert Structure(report_page(a_report(**keys, counts=well, reasons={}))).links == ["../index.html", "report.json"]
    assert Structure(report_page(a_report(**keys, counts=damaged, reasons={"row_too_long": 3}))).links == [
        "../index.html",
        "rejects.csv",
        "report.json",
    ]


def test_rows_that_kept_a_whole_file_back_are_offered() -> None:
    nothing = dict.fromkeys(a_report()["counts"], 0)
    report = a_report(
        status="REJECTED",
        counts=nothing,
        reasons={},
        problem_code="too_many_rejected",
        problem="email/vip/people.csv: 2 of 3 rows were rejected (the email address is empty in 2)",
        rejects_key="runs/r/rejects.csv",
    )

    page = Structure(report_page(report))

    assert "rejects.csv" in page.links
    assert "nothing of the file was sent" in page.text


def test_why_rows_were_given_up_is_told_in_the_words_of_the_problem() -> None:
    report = a_report(
        status="FAILED",
        counts={**dict.fromkeys(a_report()["counts"], 0), "read": 2, "dead_lettered": 2},
        reasons={"list_unknown": 2},
        problem_code="list_unknown",
        problem="Listrak has no list named 'VIP'; make it",
    )

    text = Structure(report_page(report)).text

    assert "2Listrak has no list named 'VIP' list_unknown" in text
    assert "dead-lettered\N{MINUS SIGN}2" in text


def test_names_written_from_right_to_left_keep_their_order() -> None:
    page = report_page(a_report(made={"groups": [], "fields": ["vip", "\u05e9\u05dd", "\u0645\u062f"]}))

    assert "<bdi>vip</bdi>, <bdi>\u05e9\u05dd</bdi>, <bdi>\u0645\u062f</bdi>" in page


def test_a_mode_is_told_by_what_it_does() -> None:
    assert "mirror: whoever is not in the file is taken out" in Structure(report_page(a_report(mode="mirror"))).text


@pytest.mark.parametrize(
    ("status", "attention", "classes"),
    [("COMPLETED", [], "badge completed"), ("COMPLETED", ["Look."], "badge completed looked")],
)
def test_a_run_that_needs_a_person_is_not_all_green(status: str, attention: list[str], classes: str) -> None:
    assert f'class="{classes}"' in report_page(a_report(status=status, attention=attention))


def test_the_section_on_consent_does_not_say_twice_what_it_is_about() -> None:
    text = Structure(report_page(a_report(consent="Consent: column opt_in, 5 yes, 0 no."))).text

    assert "Column opt_in, 5 yes, 0 no." in text


def test_the_list_of_runs_leads_to_their_reports() -> None:
    entry: dict[str, Any] = {
        "run_id": "email-1",
        "status": "COMPLETED",
        "where": "email/vip",
        "headline": "All 5 rows were delivered",
    }
    entry |= {"closed_at": "2027-01-15T08:00:21.000Z"}

    page = Structure(index_page([{**entry, "attention": 0}]))

    assert page.links == ["email-1/report.html"]
    assert "Needs attention" not in page.text
    assert "Needs attention" in Structure(index_page([{**entry, "attention": 1}])).text
    assert "2027-01-15 08:00" in page.text


def test_the_page_leads_back_to_the_list_of_runs_but_not_from_where_there_is_none() -> None:
    page = report_page(a_report(rejects_key="runs/email-0123456789abcdef/rejects.csv"))

    assert '<a href="../index.html">' in page
    beside_its_files, alone = taken_away(page, files=True), taken_away(page, files=False)
    assert re.findall('href="(.*?)"', beside_its_files) == ["rejects.csv", "report.json"]
    assert "href" not in alone
    assert "rejects.csv: rows that were not delivered" in alone
