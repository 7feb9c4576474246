"""Who is to have the audience's mark after a mirror run: the addresses of its file, read once and kept as hashes.

Reading takes longer than an invocation has if the file is large enough, so what was read of each chunk is kept, and the
next invocation goes on behind it. Counting the list goes on over invocations too, each of which has the hashes again
in seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from listrak_relay.domain.delivery.email_plan import EmailPlan
from listrak_relay.domain.delivery.hashed_contacts import HashedContacts
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import Action, Chunk, EmailManifest
from listrak_relay.errors import ConfigurationError, UnfinishedError
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import TimeLeft
from listrak_relay.use_cases.runs.chunk_rows import ChunkRow, checked_rows
from listrak_relay.use_cases.runs.content_types import OCTETS
from listrak_relay.use_cases.runs.stopping import must_stop


@dataclass(frozen=True, slots=True)
class Staying:
    """``most``: contacts that fit into the function's memory."""

    store: ObjectStore
    most: int

    def of(
        self, manifest: EmailManifest, plan: EmailPlan, time_left: TimeLeft, check: Callable[[], None]
    ) -> HashedContacts:
        """``check``: raises if another delivery prepares the run now.

        Raises:
            ConfigurationError: they do not fit into memory (code ``mirror_too_large``).
            UnfinishedError: the time is over; the next invocation goes on with the rest.
        """
        chunks = [chunk for chunk in manifest.chunks if chunk.action is not Action.UNSUBSCRIBE]
        rows = sum(chunk.rows for chunk in chunks)
        if rows > self.most:
            raise ConfigurationError(
                "mirror_too_large",
                f"the file keeps {rows:,} people in the audience, but the memory of deliver_email compares "
                f"{self.most:,} with the list; raise DeliverMemoryMb and return the batches from the dead-letter queue",
            )
        for chunk in chunks:
            if not self._is_kept(manifest.run_id, chunk):
                self._keep(manifest, plan, chunk)
                check()
                if must_stop(time_left):
                    raise UnfinishedError("reading who stays in the audience goes on in the next invocation", 1)
        return self._read(manifest.run_id, chunks)

    def _is_kept(self, run_id: str, chunk: Chunk) -> bool:
        try:
            self.store.size(keys.staying_key(run_id, chunk.chunk_id))
        except FileNotFoundError:
            return False
        return True

    def _keep(self, manifest: EmailManifest, plan: EmailPlan, chunk: Chunk) -> None:
        """Rows that cannot be sent keep nobody in the audience."""
        found = HashedContacts(chunk.rows)
        for row in checked_rows(self.store, manifest, plan.fields, chunk):
            if isinstance(row, ChunkRow):
                found.add(row.contact)
        found.sort()
        with self.store.writing(keys.staying_key(manifest.run_id, chunk.chunk_id), OCTETS) as body:
            found.write(body)

    def _read(self, run_id: str, chunks: list[Chunk]) -> HashedContacts:
        found = HashedContacts(sum(chunk.rows for chunk in chunks))
        for chunk in chunks:
            with self.store.open(keys.staying_key(run_id, chunk.chunk_id)) as body:
                found.read(body)
        found.sort()
        return found
