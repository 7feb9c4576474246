"""A dropped file becomes a run: read once, made into chunks, fanned out as pointers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from listrak_relay.domain.destinations.destinations import Destination, FeedDestination
from listrak_relay.domain.lanes.lane import place_of
from listrak_relay.domain.run import drop_keys
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.job import IngestJob
from listrak_relay.domain.run.manifest import RunManifest
from listrak_relay.domain.run.runs import NEVER_READ, DroppedFile
from listrak_relay.errors import ConfigurationError, FileRejectedError, FileTooLargeError, RelayError
from listrak_relay.ports.lanes import RunLanes
from listrak_relay.ports.ledger import Opening, RunLedger
from listrak_relay.ports.reading import AudienceReader, FeedReader, IngestedAudience, LocalFile
from listrak_relay.ports.storage import DropStore, ObjectStore
from listrak_relay.scratch import scratch_folder
from listrak_relay.use_cases.ingest.dispatching import Dispatching
from listrak_relay.use_cases.ingest.jobs import Jobs
from listrak_relay.use_cases.ingest.large_files import LargeFiles
from listrak_relay.use_cases.ingest.recording import Recording
from listrak_relay.use_cases.ingest.rejected_rows import check_rejected
from listrak_relay.use_cases.runs.content_types import CSV
from listrak_relay.use_cases.runs.rejects_file import RejectsFile


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestAudience:
    ledger: RunLedger
    lanes: RunLanes
    drops: DropStore
    store: ObjectStore
    rejects: RejectsFile
    jobs: Jobs
    reader: AudienceReader
    dispatching: Dispatching
    feed_reader: FeedReader
    recording: Recording
    large_files: LargeFiles

    def ingest(self, source: DroppedFile, owner: str, lease_seconds: float) -> str:
        """Read the file and fan it out; returns a word for the log: ``ingested``, ``rejected``, ``duplicate``,
        ``dispatched_again``, ``set_aside``, ``read_in_ranges`` (a state machine goes on with it) or ``failed``. A run
        that was closed because its file was never read is opened anew: an operator has given its event back.

        ``owner``: the invocation's request id, the same over Lambda's retries of one event.

        Raises:
            RetryableError, or anything unforeseen the first time: Lambda is to try again; the run goes on where it
                must.
        """
        destination_name, audience = _names_for_ledger(source.key)
        opening = self.ledger.open_run(source, destination_name, audience, owner, lease_seconds)
        if opening is Opening.DUPLICATE:
            return "duplicate"
        if opening is Opening.REDISPATCH:
            self.dispatching.dispatch(source.run_id)
            return "dispatched_again"
        try:
            job = self.jobs.of(source, resumed=opening is not Opening.OPENED)
            if job is None:
                return "set_aside"
            self._enter_lane(job, opening)
            if not self._read(job, owner):
                return "read_in_ranges"
        except (FileRejectedError, ConfigurationError) as error:
            self.recording.reject(source, destination_name, audience, error)
            return "rejected"
        except RelayError:
            raise
        except Exception as error:
            if not self.recording.fail(source.run_id, error):
                raise
            return "failed"
        self.dispatching.dispatch(source.run_id)
        return "ingested"

    def _enter_lane(self, job: IngestJob[Destination], opening: Opening) -> None:
        """Raises ConfigurationError: the run cannot be opened anew."""
        again = opening is Opening.REOPENED
        if again and self.large_files.takes(job):
            # The state machine has had its one execution for the run.
            raise ConfigurationError(NEVER_READ, "A large file is not read anew for an event; drop it again.")
        if place := place_of(job.source, job.destination):
            self.lanes.enter(place)
            if again:
                self.lanes.end(place, ended=False)

    def _read(self, job: IngestJob[Destination], owner: str) -> bool:
        """False: the run was handed over, to be read in ranges."""
        if not self.large_files.takes(job):
            try:
                self._read_whole(job)
            except FileTooLargeError:
                if isinstance(job.destination, FeedDestination):
                    raise
            else:
                return True
        self.large_files.hand_over(job, owner)
        return False

    def _read_whole(self, job: IngestJob[Destination]) -> None:
        source, destination = job.source, job.destination
        with scratch_folder() as folder:
            out = folder / "out"
            out.mkdir()
            files = self._download(job.parts, folder)
            try:
                if isinstance(destination, FeedDestination):
                    ingested = self.feed_reader.read(files, source, destination, out)
                else:
                    ingested = self.reader.read(files, source, destination, job.audience, out)
                    check_rejected(ingested, source.key, destination.max_rejected_percent)
            except FileRejectedError as error:
                if error.rejects is not None:
                    self.rejects.put_read(source.run_id, error.rejects)
                raise
            self._store(job, ingested)

    def _download(self, parts: Sequence[DroppedFile], folder: Path) -> list[LocalFile]:
        files = []
        for place, part in enumerate(parts):
            path = folder / f"dropped-{place:05d}"
            self.drops.download(part, path)
            files.append(LocalFile(part.key, path))
        return files

    def _store(self, job: IngestJob[Destination], ingested: IngestedAudience) -> None:
        """Chunks first, then the manifest, then the ledger: whoever reads the later finds the earlier."""
        run_id = job.source.run_id
        chunks = self.recording.store_chunks(run_id, ingested.chunks)
        if ingested.rejects:
            self.rejects.put_read(run_id, ingested.rejects)
        if ingested.duplicates:
            self.store.put_file(keys.duplicates_key(run_id), ingested.duplicates, CSV)
        if ingested.warnings:
            self.rejects.put_warnings(run_id, ingested.warnings)
        for name, path in ingested.key_files.items():
            self.store.put_file(keys.run_keys_key(run_id, name), path, CSV)
        if ingested.problem:
            self.ledger.note_problem(run_id, *ingested.problem)
        self.recording.record(
            RunManifest(
                run_id=run_id,
                source=job.source,
                destination=job.destination,
                audience=job.audience,
                columns=ingested.columns,
                chunks=chunks,
                rows_read=ingested.rows_read,
                rejected=ingested.rejected,
                duplicates=ingested.duplicates_dropped,
                reasons=ingested.reasons,
                notes=ingested.notes,
                parts=ingested.parts,
            )
        )


def _names_for_ledger(key: str) -> tuple[str, str]:
    """What the key says as far as it can be read, so that a file with a wrong key has a run too."""
    try:
        drop = drop_keys.parse_drop_key(key)
    except FileRejectedError:
        return drop_keys.destination_of(key), ""
    return drop.destination, drop.audience
