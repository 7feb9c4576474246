"""What an SMS chunk came to once the import of its profile values has ended."""

from __future__ import annotations

from dataclasses import dataclass

from listrak_relay.domain.delivery.sms_plan import SmsPlan
from listrak_relay.domain.delivery.sms_results import outcome_of
from listrak_relay.domain.destinations.destinations import Destination, SmsDestination
from listrak_relay.domain.run.manifest import Chunk, RunManifest, SmsManifest
from listrak_relay.domain.run.runs import ChunkOutcome
from listrak_relay.messages import FollowImport
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.listrak_imports import ImportStatus
from listrak_relay.ports.listrak_sms import SmsGateway, SmsGateways
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.lanes.superseding import Superseding
from listrak_relay.use_cases.runs.followed_import import FollowedImport, Patience
from listrak_relay.use_cases.runs.plans import load_plan
from listrak_relay.use_cases.runs.progress import ProgressStore
from listrak_relay.use_cases.sms.rows import SmsRows


@dataclass(frozen=True, slots=True)
class SmsImports:
    """`monitor_import.ChannelImports`."""

    ledger: RunLedger
    store: ObjectStore
    gateways: SmsGateways
    superseding: Superseding

    def followed(self, manifest: RunManifest[Destination], chunk: Chunk, message: FollowImport) -> FollowedImport:
        gateway = self.gateways.for_secret(manifest.destination.secret)
        plan = load_plan(self.ledger, manifest.run_id, SmsPlan)
        return _SmsImport(
            store=self.store,
            superseding=self.superseding,
            gateway=gateway,
            manifest=manifest.of(SmsDestination),
            plan=plan,
            chunk=chunk,
            import_id=message.import_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _SmsImport:
    store: ObjectStore
    superseding: Superseding
    gateway: SmsGateway
    manifest: SmsManifest
    plan: SmsPlan
    chunk: Chunk
    import_id: int

    def status(self) -> ImportStatus:
        return self.gateway.import_status(self.plan.sender_code_id, self.import_id)

    def newer_said(self) -> None:
        """Such an import has values only, and the list of those who are texted is none of its business."""

    def tidy(self) -> None:
        """Nothing was kept."""

    def outcome(self, given_up: str | None, patience: Patience) -> ChunkOutcome:  # noqa: ARG002 - there is no count
        """Listrak gives neither counts nor results of such an import: the single calls' answers are what counts, and
        of an import that failed no value is taken for granted."""
        progress = ProgressStore(self.store).load(self.manifest.run_id, self.chunk.chunk_id)
        verdicts = self.superseding.stored(self.manifest.run_id, self.chunk.chunk_id)
        rows = SmsRows(self.store, self.manifest, self.plan, self.chunk, verdicts)
        lost = sum(1 for _ in rows.with_values(progress)) if given_up else 0
        ends = (end for _, end in rows.ends(progress))
        return outcome_of(ends, progress.removals.values(), without_values=lost, failed=given_up or "")
