"""What all written ranges together are: the run's manifest, if no row has been lost on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from listrak_relay.domain.columns.type_notes import type_notes
from listrak_relay.domain.destinations.destinations import MAX_TEXT_LENGTH, AudienceDestination, EmailDestination
from listrak_relay.domain.reading.notes import joined_notes
from listrak_relay.domain.reading.range_types import Agreed, joined_columns, joined_tally
from listrak_relay.domain.reading.ranges import JoinedRanges, RangeLayout, WrittenRange
from listrak_relay.domain.run.job import AudienceJob
from listrak_relay.domain.run.manifest import RunManifest
from listrak_relay.errors import FileRejectedError


def check_written(written: Sequence[WrittenRange], joined: JoinedRanges, file: str) -> None:
    """Raises FileRejectedError: a range could not be written, or rows have been lost between the steps."""
    for found in written:
        if found.refusal:
            raise FileRejectedError(*found.refusal)
    ended = sum(found.rejected + sum(chunk.rows for chunk in found.chunks) for found in written) + joined.duplicates
    if ended != joined.rows_read:
        raise FileRejectedError(
            "rows_unbalanced",
            f"{file}: {joined.rows_read:,} rows were read in ranges and {ended:,} were written, so nothing was sent; "
            "this is a fault of the program: keep the file and report it",
        )


def _longest_text(job: AudienceJob) -> int:
    """Characters of a field that is made; of SMS none ever is."""
    destination = job.destination
    return destination.max_text_length if isinstance(destination, EmailDestination) else MAX_TEXT_LENGTH


def manifest_of(
    job: AudienceJob,
    plan: RangeLayout,
    joined: JoinedRanges,
    written: Sequence[WrittenRange],
    agreed: Mapping[str, Agreed],
) -> RunManifest[AudienceDestination]:
    reasons: Counter[str] = Counter()
    for found in written:
        reasons.update(found.reasons)
    columns = joined_columns(written, agreed, _longest_text(job))
    tallies = [joined_tally(written, place) for place in range(len(columns))]
    timed = [sum(found.timed[place] for found in written) for place in range(len(columns))]
    notes = joined_notes([found.notes for found in written if found.notes])
    return RunManifest(
        run_id=job.source.run_id,
        source=job.source,
        destination=job.destination,
        audience=job.audience,
        columns=columns,
        chunks=tuple(chunk for found in written for chunk in found.chunks),
        rows_read=joined.rows_read,
        rejected=sum(found.rejected for found in written),
        duplicates=joined.duplicates,
        reasons=dict(reasons),
        notes=notes.as_dict()
        | type_notes(columns, tallies, timed)
        | {"files": len(plan.dropped), "ranges": len(written)},
        parts=joined.parts,
    )
