"""What a run is to do, found out once when it begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from listrak_relay.domain.destinations.destinations import AudienceDestination, Destination
from listrak_relay.domain.run.runs import DroppedFile

D_co = TypeVar("D_co", bound=Destination, covariant=True)


@dataclass(frozen=True, slots=True)
class IngestJob(Generic[D_co]):
    """`runs/<run>/job.json` in the WorkBucket: what every try and every step of ingest goes by. No personal data.

    ``source``: the object whose drop began the run.
    ``destination``: as the configuration had it when the run began; a later change of that is for later runs.
    ``audience``: from the drop key, empty for a feed without one.
    ``parts``: the objects to read, in this order; empty while it is not yet known which lie in a marker's folder.
    """

    source: DroppedFile
    destination: D_co
    audience: str
    parts: tuple[DroppedFile, ...]


AudienceJob = IngestJob[AudienceDestination]
