"""From Listrak's answers to our final states."""

from __future__ import annotations

from listrak_relay.domain.run.runs import Run, RunStatus, Tally


def final_status(run: Run) -> RunStatus:
    """What a run that has ended is to be called.

    FAILED: rows were given up, or the sum does not come out even. STALLED: an import never ended. REJECTED: nothing of
    the file was sent, because of the file. COMPLETED: everything else, refusals included.
    """
    if not run.complete or not run.balanced or run.tally.dead_lettered:
        return RunStatus.STALLED if run.problem_code == "import_stalled" else RunStatus.FAILED
    if run.tally == Tally(rejected=run.tally.rejected, duplicates=run.tally.duplicates):
        return RunStatus.REJECTED
    return RunStatus.COMPLETED


def attention(run: Run, status: RunStatus) -> list[str]:
    """Sentences that a person should not overlook; empty when all is well."""
    tally, said = run.tally, []
    # A problem that a redrive has overcome stays on record, but is no longer a matter of attention.
    if run.problem and status is not RunStatus.COMPLETED:
        said.append(run.problem)
    if run.rows_read is None:
        said.append("The file was not read to its end; its rows are not counted.")
    elif not run.balanced:
        said.append(f"The sum does not come out even: {run.rows_read} rows read, {tally.total} accounted for.")
    if tally.dead_lettered:
        said.append(f"{tally.dead_lettered} rows were given up without a final answer.")
    if run.rows_read == 0 and not run.problem:
        said.append("The file has a header but no rows; nothing was sent.")
    elif run.rows_read and tally.rejected + tally.duplicates == run.rows_read:
        said.append(f"Every row was rejected ({tally.rejected} rows); nothing was sent.")
    elif run.rows_read and not tally.accepted and not tally.dead_lettered:
        said.append("Listrak accepted no row of this file.")
    return said
