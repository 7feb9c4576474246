"""A dropped file becomes a run: read once, made into chunks, fanned out as pointers."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from listrak_relay.domain.destinations.destinations import Channel, Destination, FeedDestination
from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.domain.reading.ranges import RangeJob
from listrak_relay.domain.run import drop_keys
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import RunManifest
from listrak_relay.domain.run.object_kinds import why_no_data
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.errors import ConfigurationError, FileRejectedError, FileTooLargeError, RelayError
from listrak_relay.ports.destinations import DestinationBook
from listrak_relay.ports.ledger import Opening, RunLedger
from listrak_relay.ports.reading import AudienceReader, FeedReader, IngestedAudience, LocalFile
from listrak_relay.ports.storage import DropStore, ObjectStore
from listrak_relay.use_cases.ingest.dispatching import Dispatching
from listrak_relay.use_cases.ingest.drop_sets import DropSets
from listrak_relay.use_cases.ingest.large_files import LargeFiles
from listrak_relay.use_cases.ingest.recording import Recording
from listrak_relay.use_cases.runs.content_types import CSV
from listrak_relay.use_cases.runs.rejects_file import RejectsFile


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestAudience:
    ledger: RunLedger
    drops: DropStore
    store: ObjectStore
    rejects: RejectsFile
    book: DestinationBook
    reader: AudienceReader
    dispatching: Dispatching
    feed_reader: FeedReader
    drop_sets: DropSets
    recording: Recording
    large_files: LargeFiles

    def ingest(self, source: DroppedFile, owner: str, lease_seconds: float) -> str:
        """Read the file and fan it out; returns a word for the log: ``ingested``, ``rejected``, ``duplicate``,
        ``dispatched_again``, ``set_aside``, ``read_in_ranges`` (a state machine goes on with it) or ``failed``.

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
            if self.drop_sets.set_aside(source, self._file_rules(source)):
                return "set_aside"
            if not self._read(source, owner):
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

    def _file_rules(self, source: DroppedFile) -> FileRules:
        """Of no destination where the object holds no data anyway: a stray marker is no fault of the configuration."""
        if why_no_data(source.key, source.size):
            try:
                return self.book.find(drop_keys.destination_of(source.key)).file
            except ConfigurationError:
                return FileRules()
        return self._address(source.key)[0].file

    def _read(self, source: DroppedFile, owner: str) -> bool:
        """False: the run was handed over, to be read in ranges."""
        destination, drop = self._address(source.key)
        parts = self.drop_sets.parts(source, destination.file)
        if isinstance(destination, FeedDestination):
            # One file, which is sent as a whole.
            self._read_whole(source, destination, drop.audience, parts)
            return True
        if not self.large_files.takes(parts):
            try:
                self._read_whole(source, destination, drop.audience, parts)
            except FileTooLargeError:
                pass
            else:
                return True
        self.large_files.hand_over(RangeJob(source, destination, drop.audience, tuple(parts)), owner)
        return False

    def _read_whole(
        self, source: DroppedFile, destination: Destination, audience: str, parts: Sequence[DroppedFile]
    ) -> None:
        with tempfile.TemporaryDirectory(prefix="ingest-") as folder:
            out = Path(folder) / "out"
            out.mkdir()
            files = self._download(parts, folder)
            try:
                if isinstance(destination, FeedDestination):
                    ingested = self.feed_reader.read(files, source, destination, out)
                else:
                    ingested = self.reader.read(files, source, destination, audience, out)
            except FileRejectedError as error:
                if error.rejects is not None:
                    self.rejects.put_read(source.run_id, error.rejects)
                raise
            self._store(source, destination, audience, ingested)

    def _download(self, parts: Sequence[DroppedFile], folder: str) -> list[LocalFile]:
        files = []
        for place, part in enumerate(parts):
            path = Path(folder) / f"dropped-{place:05d}"
            self.drops.download(part, path)
            files.append(LocalFile(part.key, path))
        return files

    def _address(self, key: str) -> tuple[Destination, drop_keys.DropKey]:
        """Raises FileRejectedError or ConfigurationError: the key names no destination, or no audience where needed."""
        drop = drop_keys.parse_drop_key(key, audience_optional=True)
        destination = self.book.find(drop.destination)
        return destination, drop if destination.channel is Channel.SFTP else drop_keys.parse_drop_key(key)

    def _store(self, source: DroppedFile, destination: Destination, audience: str, ingested: IngestedAudience) -> None:
        """Chunks first, then the manifest, then the ledger: whoever reads the later finds the earlier."""
        run_id = source.run_id
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
                source=source,
                destination=destination,
                audience=audience,
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
