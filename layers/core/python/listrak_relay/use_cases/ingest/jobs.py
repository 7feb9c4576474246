"""What a run is to do: the configuration is asked once, and every later try of the run goes by its answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from listrak_relay.domain.configuration.destination_rules import DESTINATION_UNKNOWN
from listrak_relay.domain.destinations.choices import Channel, Mode
from listrak_relay.domain.destinations.destinations import Destination
from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.drop_keys import destination_of, parse_drop_key
from listrak_relay.domain.run.job import IngestJob
from listrak_relay.domain.run.object_kinds import why_no_data
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.errors import ConfigurationError
from listrak_relay.ports.destinations import DestinationBook
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.ingest.drop_sets import DropSets
from listrak_relay.use_cases.runs.content_types import JSON
from listrak_relay.use_cases.runs.job_store import load_job, save_job


@dataclass(frozen=True, slots=True)
class Jobs:
    """An object could be told a marker by one version of the configuration and its rows be sent by another, if it were
    asked twice. So could a try and the next one differ, of which the first has claimed parts or begun to read."""

    book: DestinationBook
    drop_sets: DropSets
    store: ObjectStore

    def of(self, source: DroppedFile, *, resumed: bool) -> IngestJob[Destination] | None:
        """The job of a run that has been opened; None: the object is nothing to deliver by itself, and the run is
        closed. ``resumed``: there was a try before.

        Raises:
            FileRejectedError: the key does not say where to, the object is empty, the marker has no parts, or it is a
                part of an audience to be mirrored that no marker ends.
            ConfigurationError: the configuration is wrong, or knows no such destination.
        """
        job = self._kept(source) if resumed else None
        if job is None:
            destination = self._destination(source)
            if faulty := self.book.faulty():
                names = json.dumps(list(faulty)).encode()
                self.store.put(keys.faulty_destinations_key(source.run_id), names, JSON)
            if self.drop_sets.set_aside(source, destination.file if destination else FileRules()):
                return None
            assert destination is not None  # noqa: S101 - without one the object holds no data and was set aside
            source = self.drop_sets.dated(source)
            parts = () if destination.file.success_marker else (source,)
            if parts and destination.channel is not Channel.SFTP and destination.mode is Mode.MIRROR:
                self.drop_sets.refuse_later_part(source)
            job = IngestJob(source, destination, _audience(source.key, destination), parts)
            save_job(self.store, job)
        if not job.parts:
            job = replace(job, parts=tuple(self.drop_sets.parts(source, job.destination.file)))
            save_job(self.store, job)
        return job

    def _kept(self, source: DroppedFile) -> IngestJob[Destination] | None:
        try:
            return load_job(self.store, source.run_id)
        except FileNotFoundError:
            return None

    def _destination(self, source: DroppedFile) -> Destination | None:
        """None: there is none of this name, and the object holds no data anyway: a stray marker is nobody's fault.

        Where the configuration as a whole is wrong, nobody can say whether the object is a marker that parts wait for.
        """
        if why_no_data(source.key, source.size):
            try:
                return self.book.find(destination_of(source.key))
            except ConfigurationError as error:
                if error.code != DESTINATION_UNKNOWN:
                    raise
                return None
        destination = self.book.find(parse_drop_key(source.key, audience_optional=True).destination)
        _audience(source.key, destination)
        return destination


def _audience(key: str, destination: Destination) -> str:
    """Raises FileRejectedError: there is none, and it is no feed."""
    return parse_drop_key(key, audience_optional=destination.channel is Channel.SFTP).audience
