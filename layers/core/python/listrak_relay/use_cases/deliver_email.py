"""One queue message: one chunk of a run goes to Listrak Email."""

from __future__ import annotations

from dataclasses import dataclass

from listrak_relay.domain.delivery.email_results import left_out
from listrak_relay.domain.delivery.plans import Stage
from listrak_relay.domain.destinations.destinations import EmailDestination
from listrak_relay.domain.run.drop_keys import is_test
from listrak_relay.domain.run.manifest import Action, Chunk, EmailManifest
from listrak_relay.domain.run.runs import ChunkOutcome, ChunkState
from listrak_relay.errors import NotYetError
from listrak_relay.messages import DeliverChunk, FollowImport
from listrak_relay.ports.listrak_email import EmailGateways
from listrak_relay.ports.messaging import MessageQueue
from listrak_relay.ports.time import TimeLeft
from listrak_relay.use_cases.email.by_contact import DeliverContacts
from listrak_relay.use_cases.email.by_import import DeliverImport
from listrak_relay.use_cases.email.early import EarlyOptOuts
from listrak_relay.use_cases.email.leavers import Leavers
from listrak_relay.use_cases.email.prepare import PrepareEmail
from listrak_relay.use_cases.lanes.turns import NotItsTurnError, Turns
from listrak_relay.use_cases.runs.first_looks import FirstLooks
from listrak_relay.use_cases.runs.open_chunks import OpenChunks
from listrak_relay.use_cases.runs.refusing import Refusing
from listrak_relay.use_cases.runs.settling import Settling


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverEmail:
    """``small_chunk_rows``: with fewer rows a chunk goes contact by contact. ``poll_seconds``: between two looks at an
    import of what went before its turn.
    """

    open_chunks: OpenChunks
    turns: Turns
    early: EarlyOptOuts
    gateways: EmailGateways
    refusing: Refusing
    import_queue: MessageQueue
    settling: Settling
    prepare: PrepareEmail
    leavers: Leavers
    by_contact: DeliverContacts
    by_import: DeliverImport
    first_looks: FirstLooks
    small_chunk_rows: int
    poll_seconds: float

    def deliver(self, message: DeliverChunk, owner: str, time_left: TimeLeft) -> None:
        """Deliver the chunk; a repeat changes nothing. ``owner``: this invocation's request id.

        Raises:
            RelayError: see `use_cases.consuming` for what becomes of the message.
        """
        found = self.open_chunks.find(message)
        if found is None:
            return
        manifest, chunk, record = found.manifest.of(EmailDestination), found.chunk, found.record
        gateway = self.gateways.for_secret(manifest.destination.secret)
        try:
            self.turns.take(manifest)
        except NotItsTurnError:
            self.turns.while_waiting(manifest, chunk, lambda: self.early.send(manifest, chunk, gateway, time_left))
            raise
        went_early = record.state is not ChunkState.SUBMITTED and self.turns.went_early(manifest, chunk)
        if went_early and not self.early.has_ended(manifest, chunk, gateway):
            wait = max(1.0, self.poll_seconds)
            raise NotYetError("Listrak has not ended the import of what was sent before its turn", wait)
        plan = self.prepare.plan_for(manifest, gateway, owner, time_left, waited=message.waiting_since is not None)
        unsubscribing, destination = chunk.action is Action.UNSUBSCRIBE, manifest.destination
        one_by_one = destination.opt_outs_one_by_one if unsubscribing else destination.one_by_one
        if plan.stage is Stage.REFUSED:
            self.refusing.refuse(manifest, chunk, plan.refusal_code, plan.refusal)
        elif record.state is not ChunkState.SUBMITTED and (
            one_by_one or chunk.clears or self._is_small(manifest, chunk)
        ):
            if not unsubscribing:
                self.leavers.take_marks(manifest, gateway, owner, redriven=record.redriven)
            outcome = self.by_contact.deliver(manifest, plan, chunk, gateway, time_left)
            self.settling.settle(manifest.run_id, chunk.chunk_id, outcome)
        else:
            sent = self.by_import.deliver(manifest, plan, chunk, record, gateway)
            if sent.import_id is None:
                outcome = ChunkOutcome(left_out(sent.rejected), sent.rejected)
                self.settling.settle(manifest.run_id, chunk.chunk_id, outcome)
            else:
                if not unsubscribing:
                    self.leavers.take_marks(manifest, gateway, owner, redriven=record.redriven)
                follow = FollowImport(manifest.run_id, chunk.chunk_id, sent.import_id, sent.rejected)
                self.import_queue.send([follow], delay_seconds=self.first_looks.delay(manifest, chunk))

    def _is_small(self, manifest: EmailManifest, chunk: Chunk) -> bool:
        # A test is of the way that large files go.
        return chunk.rows < self.small_chunk_rows and not is_test(manifest.source.key)
