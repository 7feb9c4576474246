"""Prepares a run's delivery once, whichever chunk comes first: list, fields, and for mirror runs the clearing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from listrak_relay.domain.delivery.email_plan import EmailPlan
from listrak_relay.domain.delivery.guard import MirrorCount, guard_refusal
from listrak_relay.domain.delivery.plans import Stage
from listrak_relay.domain.destinations.destinations import Mode
from listrak_relay.domain.run.manifest import AUDIENCE_MARK, Action, EmailManifest
from listrak_relay.errors import ConfigurationError, NotYetError, OutcomeUnknownError, RetryableError
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.listrak_email import EmailGateway
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import TimeLeft
from listrak_relay.use_cases.email.fields import plan_fields
from listrak_relay.use_cases.lanes.superseding import Superseding
from listrak_relay.use_cases.runs.chunk_rows import ChunkRow, checked_rows
from listrak_relay.use_cases.runs.preparing import (
    PreparingLock,
    take_mirror_lock,
    waiting_seconds,
)
from listrak_relay.use_cases.runs.stopping import must_stop

MARKED = frozenset((AUDIENCE_MARK, "true", "1"))
"""How Listrak writes a CheckBox that is on is not documented; these are the forms that it takes."""


@dataclass(frozen=True, slots=True)
class PrepareEmail:
    """``poll_seconds``: wait between two looks at something that another must finish."""

    ledger: RunLedger
    store: ObjectStore
    superseding: Superseding
    poll_seconds: float

    def plan_for(self, manifest: EmailManifest, gateway: EmailGateway, owner: str, time_left: TimeLeft) -> EmailPlan:
        """The plan, in the stage READY or REFUSED.

        Raises:
            NotYetError: another delivery is preparing, another mirror run of the audience is under way, or Listrak is
                still clearing.
        """
        plan = self._stored(manifest)
        if plan and plan.stage in (Stage.READY, Stage.REFUSED):
            return plan
        name = f"prepare/{manifest.destination.secret or 'email'}/{manifest.destination.list_name}"
        lock = PreparingLock(self.ledger, name, owner, self._wait)
        with lock.held():
            return self._prepare(manifest, gateway, lock, time_left)

    @property
    def _wait(self) -> float:
        return waiting_seconds(self.poll_seconds)

    def _stored(self, manifest: EmailManifest) -> EmailPlan | None:
        return self.ledger.get_plan(manifest.run_id, EmailPlan)

    def _keep(self, manifest: EmailManifest, plan: EmailPlan) -> EmailPlan:
        self.ledger.put_plan(manifest.run_id, plan)
        return plan

    def _refuse(self, manifest: EmailManifest, plan: EmailPlan, code: str, why: str) -> EmailPlan:
        return self._keep(manifest, replace(plan, stage=Stage.REFUSED, refusal_code=code, refusal=why))

    def _prepare(
        self, manifest: EmailManifest, gateway: EmailGateway, lock: PreparingLock, time_left: TimeLeft
    ) -> EmailPlan:
        plan = self._stored(manifest)
        if plan is None:
            made = plan_fields(gateway, manifest)
            plan = made.plan
            if manifest.destination.mode is Mode.MIRROR and plan.audience_field_id:
                plan = replace(plan, lock=f"mirror/{plan.list_id}/{plan.audience_field_id}")
                # A field made just now has no members: nothing to count, nothing to clear.
                plan = replace(plan, stage=Stage.GUARD) if made.audience_existed else plan
            if plan.stage is Stage.READY and plan.lock:
                self._take_mirror_lock(manifest, plan)
            self._keep(manifest, plan)
        if plan.stage is Stage.GUARD and self.superseding.newer_audience(manifest):
            # A newer file has said who is in the audience; clearing would take its marks away.
            plan = self._keep(manifest, replace(plan, stage=Stage.READY))
        if plan.stage is Stage.GUARD:
            self._take_mirror_lock(manifest, plan)
            plan = self._count_leavers(manifest, gateway, plan, lock, time_left)
        if plan.stage is Stage.CLEARING:
            plan = self._follow_clearing(manifest, gateway, plan)
        return plan

    def _take_mirror_lock(self, manifest: EmailManifest, plan: EmailPlan) -> None:
        take_mirror_lock(self.ledger, plan.lock, manifest.run_id, self._wait)

    def _count_leavers(
        self,
        manifest: EmailManifest,
        gateway: EmailGateway,
        plan: EmailPlan,
        lock: PreparingLock,
        time_left: TimeLeft,
    ) -> EmailPlan:
        staying = self._sendable(manifest, plan)
        if not staying:
            nothing = "No row of the file fits the list's profile fields, so nothing was cleared and nothing sent."
            return self._refuse(manifest, plan, "nothing_to_send", nothing)
        while True:
            page = gateway.contacts(plan.list_id, plan.audience_field_id, plan.cursor)
            members = [
                contact.email.casefold()
                for contact in page.contacts
                if contact.values.get(plan.audience_field_id, "").casefold() in MARKED
            ]
            plan = replace(
                plan,
                cursor=page.next_cursor,
                subscribers=plan.subscribers + len(page.contacts),
                members=plan.members + len(members),
                leaving=plan.leaving + sum(hash(email) not in staying for email in members),
            )
            if page.next_cursor is None:
                break
            lock.prolong()
            if must_stop(time_left):
                self._keep(manifest, plan)
                raise NotYetError("counting the audience's members goes on in the next invocation", 1)
        count = MirrorCount(plan.subscribers, plan.members, plan.leaving)
        if too_many := guard_refusal(count, manifest.destination.mirror_guard_percent):
            return self._refuse(manifest, plan, "mirror_guard", too_many)
        if not count.members:
            return self._keep(manifest, replace(plan, stage=Stage.READY))
        return self._clear(manifest, gateway, plan)

    def _sendable(self, manifest: EmailManifest, plan: EmailPlan) -> set[int]:
        """Hashes of the addresses that the run will mark: 64 bits each, so ten million fit in memory."""
        return {
            hash(row.contact)
            for chunk in manifest.chunks
            if chunk.action is not Action.UNSUBSCRIBE
            for row in checked_rows(self.store, manifest, plan.fields, chunk)
            if isinstance(row, ChunkRow)
        }

    def _clear(self, manifest: EmailManifest, gateway: EmailGateway, plan: EmailPlan) -> EmailPlan:
        try:
            import_id = gateway.clear_field(plan.list_id, plan.group_id, plan.audience_field_id)
        except OutcomeUnknownError as error:
            # No import of this run has begun, so clearing twice does no harm.
            raise RetryableError(f"clearing got no answer: {error}", retry_after=5) from error
        return self._keep(manifest, replace(plan, stage=Stage.CLEARING, clear_import_id=import_id))

    def _follow_clearing(self, manifest: EmailManifest, gateway: EmailGateway, plan: EmailPlan) -> EmailPlan:
        status = gateway.import_status(plan.list_id, plan.clear_import_id)
        if not status.finished:
            raise NotYetError("Listrak is still clearing the audience's field", self._wait)
        if status.failed:
            self._keep(manifest, replace(plan, stage=Stage.GUARD, cursor=None, subscribers=0, members=0, leaving=0))
            raise ConfigurationError(
                "clearing_failed",
                "Listrak could not clear the audience's field, so the mirror run stopped before its import; "
                "return its messages from the dead-letter queue to try again",
            )
        return self._keep(manifest, replace(plan, stage=Stage.READY))
