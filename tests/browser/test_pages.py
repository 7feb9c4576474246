"""The pages that people open, in a real browser: they fit a phone, can be read by day, by night and on paper, and ask
nothing of anybody else. The pictures lie in `.build/pictures`."""

from __future__ import annotations

from pathlib import Path

import pytest

from listrak_relay.domain.report.index import index_page
from listrak_relay.domain.report.page import report_page
from listrak_relay.domain.report.words import REASONS, REFUSALS
from tests.support.browser.browser import Sight, look, sights
from tests.support.listrak.simulator import MASTER_LIST, RunningSimulator
from tests.support.runs.reports import a_report

pytestmark = pytest.mark.browser

LEAST_HEIGHT = 100
"""Pixels of a page that has anything on it."""

LONG = "a_name_that_somebody_has_made_as_long_as_names_may_be_and_then_some_more_of_it_without_any_space"
FULL = a_report(
    audience=LONG,
    list=f"{LONG} list",
    mode="mirror",
    attention=[f"Listrak has no list named '{LONG}'.\n- line 3: {LONG}"],
    audience_size={"before": 1_234_567, "new": 1_000_000, "gone": 999_999, "now": 1_234_568},
    done={"subscribed": 980, "unsubscribed": 10},
    made={"groups": [LONG], "fields": [LONG, "City"]},
    reasons={"email_invalid": 1_000_000, f"ERROR_{LONG.upper()}": 3},
    rejects_key=f"runs/{LONG}/rejects.csv",
    notes={"columns": {LONG: LONG}},
    cost={
        "dollars": 0.0123,
        "counted": {"gb_seconds": 1.5, "invocations": 1_200, "write_units": 48_000, "s3_reads": 300},
        "priced_at": "2026-11, us-east-1",
        "not_counted": "nothing else is in it",
    },
)
REPORTS = {
    "full": FULL,
    "completed": a_report(list="Master List", mode="mirror", done={"subscribed": 980, "unsubscribed": 10}),
    "attention": a_report(
        status="COMPLETED",
        audience=LONG,
        attention=["171 of 350 rows were not delivered: not an email address that mail can be sent to.", "x" * 200],
        file={**a_report()["file"], "key": f"email/{LONG}/2027/01/15/{LONG}.csv.gz"},
    ),
    "reasons": a_report(
        counts={**dict.fromkeys(a_report()["counts"], 0), "read": 2_000_000, "accepted": 1, "rejected": 1_999_999},
        attention=["1,999,999 of 2,000,000 rows were not delivered."],
        reasons={code: 10**place % 1_999_999 + 1 for place, code in enumerate([*REASONS, *REFUSALS])},
        made={
            "groups": [],
            "fields": ["vip", "\u05e9\u05dd \u05e4\u05e8\u05d8\u05d9", "\u0645\u062f\u064a\u0646\u0629"],
        },
    ),
    "rejected": a_report(
        status="REJECTED",
        problem_code="opt_status_unsure",
        problem="email/vip/people.csv: column Accepts Email Marketing may say who wants mail; say it in the template",
        counts={**dict.fromkeys(a_report()["counts"], 0)},
        reasons={},
    ),
}
INDEX = [
    {
        "run_id": f"email-{number:016x}",
        "status": status,
        "where": f"email/{LONG if number == 1 else 'vip'}",
        "headline": f"1,000 of 2,000 rows were not delivered: {LONG}" if number == 1 else "All rows were delivered",
        "attention": number,
        "closed_at": "2027-01-15T08:00:21.000Z",
    }
    for number, status in enumerate(("COMPLETED", "REJECTED", "FAILED", "SET_ASIDE", "STALLED"))
]


def check(seen: list[Sight]) -> None:
    for name, found in look(seen).items():
        assert found["title"], name
        assert found["requests"] == [], name
        assert found["complaints"] == [], name
        assert found["overflow"] <= 0, f"{name} is {found['overflow']} pixels wider than its window"
        assert found["wide"] == [], name
        assert found["height"] > LEAST_HEIGHT, name
        assert found["faint"] == [], name


@pytest.mark.parametrize("kind", REPORTS)
def test_a_report_fits_every_window_and_asks_for_nothing(tmp_path: Path, kind: str) -> None:
    page = tmp_path / "report.html"
    page.write_text(report_page(REPORTS[kind]), encoding="utf-8")

    check(sights(f"report-{kind}", page.as_uri()))


def test_the_list_of_runs_fits_every_window_and_asks_for_nothing(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text(index_page(INDEX), encoding="utf-8")

    check(sights("index", page.as_uri()))


@pytest.mark.parametrize(
    "path", ["/", f"/lists/{MASTER_LIST}", "/sender-codes/55", "/people?who=ada@example.com", "/switches"]
)
def test_the_pages_of_the_simulator_fit_every_window(simulator: RunningSimulator, path: str) -> None:
    vip = simulator.add_field("vip", "CheckBox", 3)
    simulator.import_file("ada@example.com,on\nben@example.com,off\n", {1: vip})

    name = path.strip("/").replace("/", "-").partition("?")[0] or "lists"
    seen = [one for one in sights(f"simulator-{name}", simulator.url + path) if one.media == "screen"]
    for sight, found in look(seen).items():
        assert found["complaints"] == [], sight
        assert found["overflow"] <= 0, f"{sight} is {found['overflow']} pixels wider than its window"
        assert found["faint"] == [], sight
