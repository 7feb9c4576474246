"""From Listrak's answers to our final states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from listrak_relay.domain.run.row_ends import FAILED_ALONE
from listrak_relay.domain.run.runs import ChunkRecord, ChunkState, Run, RunStatus, Tally
from listrak_relay.domain.values.counted import counted, were

STALLED_CODES = frozenset(("import_stalled", "clearing_stalled", "waited_too_long", "overdue"))
"""Problems by which something did not end in its time."""

WITHOUT_MESSAGE = frozenset(("import_stalled", "import_failed", "overdue"))
"""Problems by which rows are given up and no message is left that could be returned."""

COUNTED_ALL_THE_SAME = "import_failed_all_counted"
"""Code of the problem of an import that Listrak calls failed, although by its summary none of its rows is missing."""

_TOLD = 3  # of the batches whose sum does not come out even, and of the reasons of rows

SUM_UNEVEN = "sum_uneven"
"""Code of the problem of a run that failed by nothing but its counts."""

NO_ROWS_TODO = (
    "Look at what makes it, such as the filter of its query, and drop it again with its rows. If there are none, that "
    "is all."
)
"""Behind what is said of a file with a header alone."""

NO_ROWS_OF_MIRROR = (
    "Although it mirrors its files, whoever was in the audience still is, until somebody takes them out in Listrak."
)
"""Behind that, of a destination of mode mirror."""


def uneven_chunks(chunks: Iterable[ChunkRecord]) -> list[str]:
    """Ids of those whose rows are not all counted, or counted too often. What one counts too much another may count too
    little, so that the run's sum shows nothing."""
    ended = (ChunkState.SETTLED, ChunkState.DEAD_LETTERED)
    return [chunk.chunk_id for chunk in chunks if chunk.state in ended and chunk.tally.total != chunk.rows]


def uneven_sums(run: Run, chunks: Iterable[ChunkRecord]) -> list[str]:
    """Sentences, if a run that was read, or its ``chunks``, count other than the rows that they have."""
    said = []
    if run.rows_read is not None and not run.balanced:
        read = counted(run.rows_read, "row")
        said.append(f"The sum does not come out even: {read} read, {run.tally.total:,} accounted for.")
    if uneven := uneven_chunks(chunks):
        named = f"{', '.join(uneven[:_TOLD])}{' …' if len(uneven) > _TOLD else ''}"
        said.append(f"The sum of {len(uneven)} batches does not come out even, whatever that of the run is: {named}.")
    return said


def final_status(run: Run, *, stalled: bool = False, uneven: bool = False) -> RunStatus:
    """What a run that has ended is to be called. ``stalled``: as its delivery plan says. ``uneven``: it has chunks of
    `uneven_chunks`.

    FAILED: rows were given up, or the sum does not come out even. STALLED: an import, or what a run waited for, never
    ended. REJECTED: nothing of the file was sent, because of the file. COMPLETED: everything else, refusals included.
    """
    if not run.complete or not run.balanced or uneven or run.tally.dead_lettered:
        return RunStatus.STALLED if run.problem_code in STALLED_CODES else RunStatus.FAILED
    if stalled:
        return RunStatus.STALLED
    if run.tally == Tally(rejected=run.tally.rejected, duplicates=run.tally.duplicates):
        return RunStatus.REJECTED
    return RunStatus.COMPLETED


ATTENTION_PERCENT = 5.0

EXPECTED_SKIPS = frozenset(
    (
        "previously_unsubscribed",
        "opted_out",
        "unsubscribed_since",
        "not_on_list",
        "opt_status_not_asked",
        "opted_out_before",
        "superseded",
    )
)
"""Reasons of rows that were left alone because somebody wanted it so."""


def attention(
    run: Run,
    status: RunStatus,
    reasons: Mapping[str, int],
    percent: float = ATTENTION_PERCENT,
    removals: Mapping[str, int] = MappingProxyType({}),
    uneven: Iterable[str] = (),
    words: Callable[[str], str] = str,
    *,
    mirror: bool = False,
) -> list[str]:
    """Sentences that a person should not overlook; empty when all is well.

    ``reasons``: rows rejected, skipped and refused, by reason code. ``percent``: of the rows read; more of them not
    delivered, and not left alone on purpose, are told. ``removals``: of a mirror run, by how they ended.
    ``uneven``: `uneven_sums`. ``words``: what to say for a reason code.
    ``mirror``: the audience is made equal to the file.
    """
    tally, said = run.tally, [run.overtook] if run.overtook else []
    # A problem that a redrive has overcome stays on record, but is no longer a matter of attention.
    if run.problem and (status is not RunStatus.COMPLETED or run.problem_code == COUNTED_ALL_THE_SAME):
        said.append(run.problem)
    if run.rows_read is None:
        said.append("The file was not read to its end; its rows are not counted.")
    said.extend(uneven)
    alone = reasons.get(FAILED_ALONE.reason, 0)
    if given_up := tally.dead_lettered - alone:
        said.append(_given_up(given_up, run.problem_code))
    if alone:
        said.append(_failed_alone(alone))
    if of_rows := _of_rows(run, reasons, percent, words, mirror=mirror):
        said.append(of_rows)
    if staying := reasons.get("still_on_list", 0) + removals.get("refused", 0):
        said.append(
            f"{staying:,} people who were to be unsubscribed are still on the list, since Listrak refused it; "
            "unsubscribe them there, or drop the file again."
        )
    if unlisted := reasons.get("not_listed_by_listrak", 0):
        said.append(
            f"{unlisted:,} people whom Listrak counts as turned away have no line in the report's files, since it did "
            "not list them."
        )
    return said


def _of_rows(
    run: Run, reasons: Mapping[str, int], percent: float, words: Callable[[str], str], *, mirror: bool
) -> str | None:
    """What is the matter with the rows as a whole."""
    tally = run.tally
    if run.rows_read == 0 and not run.problem:
        of_mirror = f" {NO_ROWS_OF_MIRROR}" if mirror else ""
        return f"The file has a header but no rows; nothing was sent. {NO_ROWS_TODO}{of_mirror}"
    if run.rows_read and tally.rejected + tally.duplicates == run.rows_read:
        return f"Every row was rejected ({counted(tally.rejected, 'row')}); nothing was sent."
    if run.rows_read and not tally.accepted and not tally.dead_lettered:
        return "Listrak accepted no row of this file."
    return _undelivered(run, reasons, percent, words)


def _given_up(rows: int, problem_code: str | None) -> str:
    if problem_code in WITHOUT_MESSAGE:
        return (
            f"{counted(rows, 'row')} {were(rows)} given up without a final answer. Look in Listrak at the import; when "
            "it has ended there, drop the file again."
        )
    return (
        f"{counted(rows, 'row')} {were(rows)} given up without a final answer; when the cause is mended, a redrive of "
        "the run sends what is left, by the settings with which it began."
    )


def _failed_alone(rows: int) -> str:
    return (
        f"{counted(rows, 'row')} {were(rows)} set aside, since Listrak failed each time at the calls about these "
        "people and took those of others. rejects.csv names them; whoever of them was to be unsubscribed may still be "
        "subscribed. Drop the file again."
    )


def _undelivered(run: Run, reasons: Mapping[str, int], percent: float, words: Callable[[str], str]) -> str | None:
    expected = sum(count for reason, count in reasons.items() if reason in EXPECTED_SKIPS)
    tally, rows = run.tally, run.rows_read or 0
    lost = tally.rejected + tally.refused + max(0, tally.skipped - expected)
    if lost * 100 <= percent * rows:
        return None
    others = ((reason, count) for reason, count in reasons.items() if reason not in EXPECTED_SKIPS and count > 0)
    often = sorted(others, key=lambda item: (-item[1], item[0]))[:_TOLD]
    told = "; ".join(f"{words(reason)} ({count:,})" for reason, count in often)
    which = "it" if lost == 1 else "them"
    return f"{lost:,} of {rows:,} rows {were(lost)} not delivered: {told}. rejects.csv has {which}."
