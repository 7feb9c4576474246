"""Prepares an SMS run once, whichever chunk comes first: finds names, reads the list, decides each number's step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from math import ceil

from listrak_relay.domain.delivery.guard import Guards, MirrorCount, guard_refusal
from listrak_relay.domain.delivery.number_set import NumberSet
from listrak_relay.domain.delivery.plans import Stage
from listrak_relay.domain.delivery.sms_numbers import comparable
from listrak_relay.domain.delivery.sms_plan import SmsPlan
from listrak_relay.domain.delivery.sms_steps import Standing, Step, step_for
from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import Action, SmsManifest
from listrak_relay.errors import NotYetError
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.listrak_sms import SmsGateway
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import Clock, TimeLeft
from listrak_relay.use_cases.runs.chunk_rows import read_chunk
from listrak_relay.use_cases.runs.content_types import TEXT
from listrak_relay.use_cases.runs.preparing import PreparingLock, take_mirror_lock
from listrak_relay.use_cases.runs.waiting import waiting_seconds
from listrak_relay.use_cases.sms.asking import LongAsking
from listrak_relay.use_cases.sms.leavers import Leavers
from listrak_relay.use_cases.sms.number_forms import CODE, NumberForms
from listrak_relay.use_cases.sms.reading import NumberReading
from listrak_relay.use_cases.sms.targets import find_targets


@dataclass(frozen=True, slots=True)
class PrepareSms:
    """``poll_seconds``: wait between two looks at something that another must finish. ``connections``: calls under way
    at once. ``read_attempts``: as in `NumberReading`."""

    ledger: RunLedger
    store: ObjectStore
    clock: Clock
    poll_seconds: float
    connections: int
    read_attempts: int

    def plan_for(self, manifest: SmsManifest, gateway: SmsGateway, owner: str, time_left: TimeLeft) -> SmsPlan:
        """The plan, in the stage READY or REFUSED, with the steps of every chunk stored.

        Raises:
            NotYetError: another delivery is preparing, or another mirror run of the list is under way.
            RetryableError: the list could not be read this time.
        """
        plan = self._stored(manifest)
        if plan and plan.stage is not Stage.GUARD:
            return plan
        destination = manifest.destination
        name = f"prepare/{destination.secret or 'sms'}/{destination.sender_code or ''}/{destination.list_name}"
        lock = PreparingLock(self.ledger, name, owner)
        with lock.held():
            plan = self._stored(manifest)
            if plan and plan.stage is not Stage.GUARD:
                return plan
            if plan is None:
                plan = find_targets(gateway, manifest)
                if destination.mode is Mode.MIRROR:
                    plan = replace(plan, lock=f"mirror/sms/{plan.list_id}")
                self._keep(manifest, plan, lock)
            if plan.lock:
                take_mirror_lock(self.ledger, plan.lock, manifest.run_id, self._wait)
            return self._decide(manifest, gateway, plan, lock, time_left)

    @property
    def _wait(self) -> float:
        return waiting_seconds(self.poll_seconds)

    def _stored(self, manifest: SmsManifest) -> SmsPlan | None:
        return self.ledger.get_plan(manifest.run_id, SmsPlan)

    def _keep(self, manifest: SmsManifest, plan: SmsPlan, lock: PreparingLock) -> SmsPlan:
        lock.keep(manifest.run_id, plan)
        return plan

    def _refuse(self, manifest: SmsManifest, plan: SmsPlan, lock: PreparingLock, code: str, why: str) -> SmsPlan:
        return self._keep(manifest, replace(plan, stage=Stage.REFUSED, refusal_code=code, refusal=why), lock)

    def _decide(
        self,
        manifest: SmsManifest,
        gateway: SmsGateway,
        plan: SmsPlan,
        lock: PreparingLock,
        time_left: TimeLeft,
    ) -> SmsPlan:
        """Steps first, then the plan that says that they are there."""
        reading = NumberReading(self.store, self.clock, lock, time_left, manifest.run_id, plan, self.read_attempts)
        opted_out, listed = reading.read(gateway)
        all_known = opted_out.whole and (not reading.plan.nameless or manifest.destination.passes_over_nameless)
        plan = replace(reading.plan, list_read=listed.whole, opt_outs_read=all_known)
        mirror = manifest.destination.mode is Mode.MIRROR
        if mirror and listed.whole and not listed.numbers and not plan.empty_reads:
            self._keep(manifest, replace(plan, empty_reads=1, listed_parts=0), lock)
            raise NotYetError("the phone list shows nobody, so it is asked once more", self._wait)
        plan = self._decided(manifest, gateway, plan, Standing(listed.numbers, opted_out.numbers), reading)
        reading.forget()
        LongAsking(self.store, lock, manifest.run_id).forget(plan)
        return plan

    def _decided(
        self,
        manifest: SmsManifest,
        gateway: SmsGateway,
        plan: SmsPlan,
        shown: Standing,
        reading: NumberReading,
    ) -> SmsPlan:
        """``shown``: by the ``reading``, also of a list whose end was not reached."""
        lock, time_left = reading.lock, reading.time_left
        mirror, listed = manifest.destination.mode is Mode.MIRROR, shown.subscribed or ()
        if mirror and not plan.list_read:
            why = "Mirror stopped before any change: Listrak's phone list could not be read; drop the file again later."
            return self._refuse(manifest, plan, lock, "list_unreadable", why)
        forms = NumberForms(gateway, plan.sender_code_id, manifest.destination.phone_format)
        if wrong_form := forms.why_none_is_located(listed):
            return self._refuse(manifest, plan, lock, CODE, wrong_form)
        standing = replace(shown, with_leavers=plan.lists_leavers, some_unreadable=plan.unreadable > 0)
        standing = standing if plan.list_read else replace(standing, subscribed=None)
        steps: Counter[str] = Counter()
        in_file = NumberSet(self._store_steps(manifest, plan, standing, lock, steps))
        form = manifest.destination.phone_format
        leavers = Leavers(gateway, plan.sender_code_id, plan.list_id, form, self.connections, time_left)
        if plan.list_read and not plan.lists_leavers and leavers.are_among(listed, in_file, outside=mirror):
            plan, standing = replace(plan, lists_leavers=True), replace(standing, with_leavers=True)
            steps.clear()
            in_file = NumberSet(self._store_steps(manifest, plan, standing, lock, steps))
        plan = replace(plan, joining=steps[Step.SUBSCRIBE], unsubscribing=steps[Step.UNSUBSCRIBE])
        if mirror:
            # A file that keeps nobody is no picture of an audience, so it takes nobody off the list but by its rows.
            keeps_anybody = any(chunk.action is not Action.UNSUBSCRIBE for chunk in manifest.chunks)
            outside = NumberSet(n for n in listed if n not in in_file) if keeps_anybody else NumberSet()
            left = NumberSet()
            if plan.lists_leavers and outside:
                kept = reading.keep()
                plan = replace(plan, listed_parts=kept.listed_parts, opted_out_parts=kept.opted_out_parts)
                left, plan = LongAsking(self.store, lock, manifest.run_id).who_left(outside, plan, leavers)
            leaving = len(outside) - len(left)
            subscribers = len(listed) - len(left)
            plan = replace(plan, subscribers=subscribers, counted=True)
            count = MirrorCount(subscribers, subscribers, leaving)
            guards = Guards(manifest.destination.mirror_guard_percent, manifest.destination.audience_guard_percent)
            if too_many := guard_refusal(count, guards):
                return self._refuse(manifest, plan, lock, "mirror_guard", too_many)
            if leaving:
                self._store_removals(manifest, (number for number in outside if number not in left), leaving, lock)
            plan = replace(plan, removals=leaving)
        return self._keep(manifest, replace(plan, stage=Stage.READY), lock)

    def _store_steps(
        self, manifest: SmsManifest, plan: SmsPlan, standing: Standing, lock: PreparingLock, taken: Counter[str]
    ) -> Iterator[str]:
        """All numbers of the file, as their steps are stored; ``taken`` counts the rows that take each `Step`."""
        resubscribe = manifest.destination.resubscribe
        for chunk in manifest.chunks:
            of_chunk = [comparable(cells[0], plan.country) for _, cells in read_chunk(self.store, chunk)]
            steps = "".join(step_for(chunk.action, n, standing, resubscribe=resubscribe) for n in of_chunk)
            lock.check()
            self.store.put(keys.steps_key(manifest.run_id, chunk.chunk_id), steps.encode(), TEXT)
            taken.update(steps)
            yield from of_chunk

    def _store_removals(self, manifest: SmsManifest, numbers: Iterator[str], leaving: int, lock: PreparingLock) -> None:
        """Shared out among the chunks, so that they end with their rows, in the same time. ``leaving``: how many
        ``numbers`` there are, of which only a chunk's are in memory."""
        share = ceil(leaving / len(manifest.chunks))
        for chunk in manifest.chunks:
            part = list(islice(numbers, share))
            if part:
                lock.check()
                key = keys.removals_key(manifest.run_id, chunk.chunk_id)
                self.store.put(key, "\n".join(part).encode(), TEXT)
