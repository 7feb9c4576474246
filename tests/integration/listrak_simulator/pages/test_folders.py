"""Folders that the simulator was told of: their files as text, their pages as pages that run nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from listrak_simulator.starting import started
from tests.support.paths import SIMULATOR
from tests.support.waiting import LEAST_SECONDS

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    outside = tmp_path_factory.mktemp("shown")
    root = outside / "sftp"
    (root / "run-1").mkdir(parents=True)
    (outside / "secret.txt").write_text("nobody's business")
    (root / "link.txt").symlink_to(outside / "secret.txt")
    (root / "orders & more.csv").write_text(f"ordernumber,note\n0012,{SCRIPT}\n")
    (root / "long.csv").write_text("0123456789\n" * 20_000)
    (root / "bytes.bin").write_bytes(b"\xff\xfe\x00")
    (root / "run-1" / "report.html").write_text(f"<h1>A run</h1>{SCRIPT}")
    return root


@pytest.fixture(scope="module")
def http(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    runs = tmp_path_factory.mktemp("runs")
    (runs / "index.html").write_text('<a href="run-1/report.html">a run</a>')
    empty = tmp_path_factory.mktemp("empty") / "not made yet"
    arguments = [f"--folder={name}={path}" for name, path in (("SFTP", folder), ("Runs", runs), ("My files", empty))]
    with started(*arguments) as url, closing(httpx.Client(base_url=url, trust_env=False)) as client:
        yield client


def test_every_page_leads_to_the_folders(http: httpx.Client) -> None:
    shown = http.get("/").text

    assert '<a href="/folders/SFTP/">SFTP</a>' in shown
    assert '<a href="/folders/My%20files/">My files</a>' in shown


def test_a_folder_lists_its_files_with_their_sizes(http: httpx.Client) -> None:
    shown = http.get("/folders/SFTP/").text

    assert 'href="/folders/SFTP/orders%20%26%20more.csv">orders &amp; more.csv</a>' in shown
    assert "220,000" in shown
    assert 'href="/folders/SFTP/run-1">run-1/</a>' in shown


def test_what_is_in_a_file_is_shown_and_never_run(http: httpx.Client) -> None:
    shown = http.get("/folders/SFTP/orders%20%26%20more.csv").text

    assert "0012,&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert SCRIPT not in shown


def test_of_a_long_file_the_beginning_is_shown_and_the_whole_of_it_can_be_had(http: httpx.Client) -> None:
    whole = http.get("/folders/SFTP/long.csv?raw")

    assert "of which these are the first" in http.get("/folders/SFTP/long.csv").text
    assert len(whole.content) == 220_000
    assert whole.headers["content-type"] == "text/plain; charset=utf-8"
    assert whole.headers["x-content-type-options"] == "nosniff"


def test_bytes_that_are_no_text_do_no_harm(http: httpx.Client) -> None:
    assert http.get("/folders/SFTP/bytes.bin").status_code == 200


def test_a_page_in_a_folder_is_a_page_that_runs_nothing(http: httpx.Client) -> None:
    answer = http.get("/folders/SFTP/run-1/report.html")

    assert answer.text.endswith(f"<h1>A run</h1>{SCRIPT}")
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")


def test_a_folder_with_an_index_begins_with_it(http: httpx.Client) -> None:
    answer = http.get("/folders/Runs/")

    assert (answer.status_code, answer.headers["location"]) == (303, "/folders/Runs/index.html")
    assert "index.html" in http.get("/folders/Runs/?files").text


def test_a_folder_that_is_not_there_yet_is_empty(http: httpx.Client) -> None:
    assert "Nothing is here yet." in http.get("/folders/My%20files/").text


@pytest.mark.parametrize(
    "path",
    [
        "/folders/Other/",
        "/folders/SFTP/none.csv",
        "/folders/SFTP/link.txt",
        "/folders/SFTP/..%2Fsecret.txt",
        "/folders/SFTP/%2Fetc%2Fpasswd",
        "/folders/SFTP/a%00b",
        f"/folders/SFTP/{'x' * 5_000}",
    ],
)
def test_nothing_outside_of_a_folder_is_shown(http: httpx.Client, path: str) -> None:
    assert http.get(path).status_code == 404


@pytest.mark.parametrize("argument", ["SFTP", "=x", "a/b=x", "SFTP="])
def test_a_folder_without_name_or_path_is_refused(argument: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "listrak_simulator", "--folder", argument],
        cwd=SIMULATOR,
        capture_output=True,
        text=True,
        check=False,
        timeout=LEAST_SECONDS,
    )

    assert ended.returncode == 2
    assert "must be NAME=PATH" in ended.stderr


def test_a_page_of_others_leads_back_to_the_first_page_and_to_its_folders(http: httpx.Client) -> None:
    listed = http.get("/folders/Runs/", follow_redirects=True).text
    report = http.get("/folders/SFTP/run-1/report.html").text

    assert '<a href="/"' in listed
    assert listed.endswith('<a href="run-1/report.html">a run</a>')
    assert '<a href="/folders/SFTP/"' in report
    assert '<a href="/folders/SFTP/run-1"' in report
