"""One queue message: one chunk of a run goes to Listrak SMS."""

from __future__ import annotations

from dataclasses import dataclass

from listrak_relay.domain.delivery.plans import Stage
from listrak_relay.domain.delivery.sms_results import outcome_of
from listrak_relay.domain.destinations.destinations import SmsDestination
from listrak_relay.domain.run.manifest import Chunk, SmsManifest
from listrak_relay.domain.run.runs import ChunkState
from listrak_relay.messages import DeliverChunk, FollowImport
from listrak_relay.ports.listrak_sms import SmsGateways
from listrak_relay.ports.messaging import MessageQueue
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import Clock, TimeLeft
from listrak_relay.use_cases.lanes.superseding import Superseding
from listrak_relay.use_cases.lanes.turns import NotItsTurnError, Turns
from listrak_relay.use_cases.runs.first_looks import FirstLooks
from listrak_relay.use_cases.runs.open_chunks import OpenChunks
from listrak_relay.use_cases.runs.progress import ProgressStore
from listrak_relay.use_cases.runs.refusing import Refusing
from listrak_relay.use_cases.runs.rejects_file import RejectsFile
from listrak_relay.use_cases.runs.settling import Settling
from listrak_relay.use_cases.sms.chunk_calls import ChunkCalls
from listrak_relay.use_cases.sms.early import EarlySmsOptOuts
from listrak_relay.use_cases.sms.prepare import PrepareSms
from listrak_relay.use_cases.sms.rows import SmsRows
from listrak_relay.use_cases.sms.values_import import ValuesImport


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverSms:
    store: ObjectStore
    open_chunks: OpenChunks
    turns: Turns
    early: EarlySmsOptOuts
    superseding: Superseding
    gateways: SmsGateways
    rejects: RejectsFile
    import_queue: MessageQueue
    first_looks: FirstLooks
    settling: Settling
    refusing: Refusing
    prepare: PrepareSms
    clock: Clock
    calls: ChunkCalls
    values: ValuesImport

    def deliver(self, message: DeliverChunk, owner: str, time_left: TimeLeft) -> None:
        """Deliver the chunk or a part of it; a repeat changes nothing. ``owner``: this invocation's request id.

        Raises:
            UnfinishedError: the rest is to be handed on.
            RelayError: see `use_cases.consuming` for what becomes of the message.
        """
        found = self.open_chunks.find(message)
        if found is None:
            return
        manifest, chunk, record = found.manifest.of(SmsDestination), found.chunk, found.record
        if record.state is ChunkState.SUBMITTED and record.import_id is not None:
            self._follow(manifest, chunk, record.import_id)
            return
        gateway = self.gateways.for_secret(manifest.destination.secret)
        try:
            self.turns.take(manifest)
        except NotItsTurnError:
            self.turns.while_waiting(manifest, chunk, lambda: self.early.send(manifest, chunk, gateway, time_left))
            raise
        plan = self.prepare.plan_for(manifest, gateway, owner, time_left)
        if plan.stage is Stage.REFUSED:
            self.refusing.refuse(manifest, chunk, plan.refusal_code, plan.refusal)
            return
        progress = ProgressStore(self.store).load(message.run_id, message.chunk_id)
        progress.stale = progress.stale or plan.stale(self.clock.now())
        verdicts = self.superseding.judge(manifest, chunk)
        rows = SmsRows(self.store, manifest, plan, chunk, verdicts)
        self.calls.make(rows, progress, gateway, time_left)
        self.rejects.write(manifest.run_id, chunk.chunk_id, rows.turned_away(progress))
        import_id = self.values.begin(rows, progress, record, gateway)
        if import_id is None:
            ends = (end for _, end in rows.ends(progress))
            outcome = outcome_of(ends, progress.removals.values())
            self.settling.settle(manifest.run_id, chunk.chunk_id, outcome)
        else:
            self._follow(manifest, chunk, import_id)

    def _follow(self, manifest: SmsManifest, chunk: Chunk, import_id: int) -> None:
        follow = FollowImport(manifest.run_id, chunk.chunk_id, import_id)
        self.import_queue.send([follow], delay_seconds=self.first_looks.delay(manifest, chunk))
