"""A file of more than `LargeFileMb`, which the state machine reads in ranges, through every part of the stack."""

from __future__ import annotations

from tests.support.stack.relay import Relay
from tests.support.waiting import eventually

ROWS = 50_000


def large_file() -> str:
    """Every row has a line break in quotes; the last 1,000 people come a second time; three rows are damaged."""
    rows = [f'person.{n:05}@example.com,"Ada\n{n}",{n},yes' for n in range(ROWS)]
    for place in (10, 20_000, 45_000):
        rows[place] = f"person.{place:05}@example.com,Ada"
    again = [f"person.{n:05}@example.com,Bea,{n},yes" for n in range(ROWS - 1_000, ROWS)]
    return "\n".join(["email,First Name,points,opt_in", *rows, *again, ""])


def check(relay: Relay, report: dict[str, object]) -> None:
    assert report["status"] == "COMPLETED"
    counts = report["counts"]
    assert isinstance(counts, dict)
    assert counts | {"skipped": 0, "refused": 0, "dead_lettered": 0} == counts
    assert (counts["read"], counts["accepted"], counts["rejected"], counts["duplicates"]) == (
        ROWS + 1_000,
        ROWS - 3,
        3,
        1_000,
    )
    assert [line["row"] for line in relay.rejects(report)] == ["12", "20002", "45002"]
    assert relay.contacts()["person.49999@example.com"]["values"]["First Name"] == "Bea"
    assert len(relay.members()) == ROWS - 3


def test_a_large_file_becomes_contacts_and_every_row_is_accounted_for(relay: Relay) -> None:
    report = relay.run(large_file())

    check(relay, report)
    assert report["notes"]["ranges"] > 1
    assert len(relay.imports()) == len(report["chunks"])


def test_a_large_file_survives_that_its_functions_are_killed(relay: Relay) -> None:
    dropped = relay.drop(large_file())
    for _ in range(2):
        eventually(lambda: relay.stack.function("ingest_ranges").running, 30, "a range that is being read")
        relay.stack.kill("ingest_ranges")

    check(relay, relay.finish(dropped))


def test_a_large_file_that_cannot_be_used_is_rejected_and_nothing_is_sent(relay: Relay) -> None:
    report = relay.run(large_file().replace("email", "whoever", 1))

    assert (report["status"], report["problem_code"]) == ("REJECTED", "no_email_column")
    assert relay.imports() == []
