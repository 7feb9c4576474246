"""Prepares a run's delivery once, whichever chunk comes first: list, fields, and for mirror runs the clearing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from listrak_relay.domain.delivery.email_plan import EmailPlan
from listrak_relay.domain.delivery.guard import Guards, MirrorCount, guard_refusal
from listrak_relay.domain.delivery.hashed_contacts import HashedContacts
from listrak_relay.domain.delivery.plans import Stage
from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.domain.run.manifest import Action, EmailManifest
from listrak_relay.errors import ConfigurationError, NotYetError
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.listrak_email import EmailGateway
from listrak_relay.ports.time import Pause, TimeLeft
from listrak_relay.use_cases.email.fields import find_fields
from listrak_relay.use_cases.email.leavers import Leavers
from listrak_relay.use_cases.email.member_count import MemberCount
from listrak_relay.use_cases.email.staying import Staying
from listrak_relay.use_cases.lanes.superseding import Superseding
from listrak_relay.use_cases.runs.preparing import PreparingLock, take_mirror_lock
from listrak_relay.use_cases.runs.waiting import waiting_seconds


@dataclass(frozen=True, slots=True)
class PrepareEmail:
    """``pause``: within the invocation. ``poll_seconds``: wait between two looks at something that another must finish.
    ``most_leavers_bytes``: of the addresses that one import takes. ``leavers_in_memory``: so many are written down as
    a part.
    """

    ledger: RunLedger
    pause: Pause
    leavers: Leavers
    staying: Staying
    superseding: Superseding
    poll_seconds: float
    most_leavers_bytes: int
    leavers_in_memory: int

    def plan_for(
        self, manifest: EmailManifest, gateway: EmailGateway, owner: str, time_left: TimeLeft, *, waited: bool
    ) -> EmailPlan:
        """The plan, in the stage READY or REFUSED. ``waited``: whether the message did before; a new one is given a
        moment, since the chunks of a run come at the same time and one prepares for all.

        Raises:
            NotYetError: another delivery is preparing, another mirror run of the audience is under way, Listrak is
                still clearing, or the next invocation goes on.
            ConfigurationError: as `Staying.of`.
        """
        plan = self._stored(manifest)
        if plan and plan.stage in (Stage.READY, Stage.REFUSED):
            return plan
        name = f"prepare/{manifest.destination.secret or 'email'}/{manifest.destination.list_name}"
        lock = PreparingLock(self.ledger, name, owner)
        with lock.held(None if waited else self.pause):
            return self._prepare(manifest, gateway, lock, time_left)

    @property
    def _wait(self) -> float:
        return waiting_seconds(self.poll_seconds)

    def _stored(self, manifest: EmailManifest) -> EmailPlan | None:
        return self.ledger.get_plan(manifest.run_id, EmailPlan)

    def _keep(self, manifest: EmailManifest, plan: EmailPlan, lock: PreparingLock) -> EmailPlan:
        lock.keep(manifest.run_id, plan)
        return plan

    def _refuse(self, manifest: EmailManifest, plan: EmailPlan, lock: PreparingLock, code: str, why: str) -> EmailPlan:
        return self._keep(manifest, replace(plan, stage=Stage.REFUSED, refusal_code=code, refusal=why), lock)

    def _prepare(
        self, manifest: EmailManifest, gateway: EmailGateway, lock: PreparingLock, time_left: TimeLeft
    ) -> EmailPlan:
        plan = self._stored(manifest)
        if plan is None or plan.stage is Stage.MAKING:
            made = find_fields(gateway, manifest, plan, lambda so_far: self._keep(manifest, so_far, lock))
            plan = made.plan
            if manifest.destination.mode is Mode.MIRROR and plan.audience_field_id:
                plan = replace(plan, lock=f"mirror/{plan.list_id}/{plan.audience_field_id}")
                # A field made just now has no members: nothing to count, nothing to clear.
                marked = sum(chunk.rows for chunk in manifest.chunks if chunk.action is not Action.UNSUBSCRIBE)
                new = replace(plan, counted=True, joining=marked)
                plan = replace(plan, stage=Stage.GUARD) if made.audience_existed else new
            if plan.stage is Stage.READY and plan.lock:
                self._take_mirror_lock(manifest, plan)
            self._keep(manifest, plan, lock)
        if plan.stage is Stage.GUARD:
            newcomers = self._newcomers(manifest)
            if newcomers is None:
                # A newer file has said who is in the audience.
                return self._keep(manifest, replace(plan, stage=Stage.READY), lock)
            self._take_mirror_lock(manifest, plan)
            plan = self._count_leavers(manifest, gateway, plan, lock, time_left, newcomers)
        if plan.stage is Stage.CLEARING:
            plan = self._follow_clearing(manifest, gateway, plan, lock)
        return plan

    def _newcomers(self, manifest: EmailManifest) -> HashedContacts | None:
        """Whom newer files, if the run comes late, have put into the audience: they keep their marks. None: a newer one
        mirrors too, or they are more than fit into memory, so that nobody can be taken out."""
        newer = self.superseding.newer_of_audience(manifest)
        rows = sum(run.rows for run in newer)
        if any(run.mirrors for run in newer) or rows > self.staying.most:
            return None
        found = HashedContacts(rows)
        for run in newer:
            for email in run.emails():
                found.add(email)
        found.sort()
        return found

    def _take_mirror_lock(self, manifest: EmailManifest, plan: EmailPlan) -> None:
        take_mirror_lock(self.ledger, plan.lock, manifest.run_id, self._wait)

    def _count_leavers(
        self,
        manifest: EmailManifest,
        gateway: EmailGateway,
        plan: EmailPlan,
        lock: PreparingLock,
        time_left: TimeLeft,
        newcomers: HashedContacts,
    ) -> EmailPlan:
        staying = self.staying.of(manifest, plan, time_left, lock.check)
        if not len(staying):
            nothing = "No row of the file fits the list's profile fields, so nothing was cleared and nothing sent."
            return self._refuse(manifest, plan, lock, "nothing_to_send", nothing)
        counting = MemberCount(self.leavers, self.poll_seconds, self.leavers_in_memory)
        plan = counting.of(manifest.run_id, gateway, plan, lock, time_left, (staying, newcomers))
        count = MirrorCount(plan.subscribers, plan.members, plan.leaving)
        plan = replace(plan, counted=True, joining=len(staying) - (plan.members - plan.leaving))
        guards = Guards(manifest.destination.mirror_guard_percent, manifest.destination.audience_guard_percent)
        if too_many := guard_refusal(count, guards):
            return self._refuse(manifest, plan, lock, "mirror_guard", too_many)
        if too_many := self._beyond_one_import(manifest, plan):
            return self._refuse(manifest, plan, lock, "leavers_too_many", too_many)
        return self._keep(manifest, replace(plan, stage=Stage.READY), lock)

    def _beyond_one_import(self, manifest: EmailManifest, plan: EmailPlan) -> str | None:
        """A sentence for the operator when Listrak would not take all marks by one import, else None."""
        size, most = self.leavers.size(manifest.run_id, plan.leavers_parts), self.most_leavers_bytes
        if size <= most:
            return None
        return (
            f"{plan.leaving:,} people would leave the audience, more than Listrak takes in one import: their addresses "
            f"are {size / 1_000_000:,.1f} MB, and {most / 1_000_000:,.1f} MB go. Nothing was sent. Take them out in "
            "several steps, by files that leave some of them in, or ask Listrak to clear the field."
        )

    def _follow_clearing(
        self, manifest: EmailManifest, gateway: EmailGateway, plan: EmailPlan, lock: PreparingLock
    ) -> EmailPlan:
        """Of a plan of release 0.2 or before."""
        status = gateway.import_status(plan.list_id, plan.clear_import_id)
        if not status.finished:
            raise NotYetError("Listrak is still clearing the audience's field", self._wait)
        if status.failed:
            anew = replace(plan, stage=Stage.GUARD, cursor=None, subscribers=0, members=0, leaving=0, clear_import_id=0)
            self._keep(manifest, anew, lock)
            raise ConfigurationError(
                "clearing_failed",
                "Listrak could not clear the audience's field, so the mirror run stopped before its import; "
                "return its messages from the dead-letter queue to try again",
            )
        return self._keep(manifest, replace(plan, stage=Stage.READY), lock)
