"""Pages of runs as a real browser lays them out: nothing is wider than the screen, on a phone or on a desk."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest

from listrak_relay.domain.report.page import index_page, report_page
from tests.support.runs.reports import a_report

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no Chromium on this machine")

LONG = "a_name_that_somebody_has_made_as_long_as_names_may_be_and_then_some_more_of_it_without_any_space"
REPORT = a_report(
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
ENTRY = {
    "run_id": "email-0123456789abcdef",
    "status": "COMPLETED",
    "where": f"email/{LONG}",
    "headline": f"1,000 of 2,000 rows were not delivered: {LONG}",
    "attention": 1,
    "closed_at": "2027-01-15T08:00:21.000Z",
}
PAGES = {"report": report_page(REPORT), "index": index_page([ENTRY] * 3)}

_LEAST_HEIGHT = 100  # of a page that has anything on it

# The page stands in a frame of the width of a screen, and what it takes is measured from outside: it has no script.
_MEASURED = """<!doctype html><body style="margin:0"><iframe id="frame" style="border:0;width:{width}px;height:800px"
srcdoc="{page}"></iframe><pre id="found"></pre><script>
onload = () => {{
  const page = document.getElementById("frame").contentDocument;
  const wide = [...page.querySelectorAll("main *")].filter(each => each.getBoundingClientRect().right > {width} + 1);
  document.getElementById("found").textContent = JSON.stringify({{
    takes: page.documentElement.scrollWidth, wide: wide.map(each => each.tagName + " " + each.className).slice(0, 5),
    height: page.documentElement.scrollHeight,
  }});
}};</script></body>"""


def laid_out(page: str, width: int, folder: Path) -> dict[str, Any]:
    """What the page takes in a frame of this width, in CSS pixels, and what of it stands out."""
    file = folder / "measured.html"
    file.write_text(_MEASURED.format(width=width, page=escape(page)), encoding="utf-8")
    command = [str(BROWSER), "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile"]
    ended = subprocess.run(
        [*command, f"--window-size={width + 200},900", "--dump-dom", file.as_uri()],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found = re.search(r'<pre id="found">(.+?)</pre>', ended.stdout)
    assert found is not None, ended.stdout[-500:]
    measured: dict[str, Any] = json.loads(unescape(found[1]))
    return measured


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_the_screen(name: str, width: int, tmp_path: Path) -> None:
    found = laid_out(PAGES[name], width, tmp_path)

    assert found["wide"] == []
    assert 0 < found["takes"] <= width
    assert found["height"] > _LEAST_HEIGHT
