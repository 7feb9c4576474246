"""Prepares an SMS run once, whichever chunk comes first: finds names, reads the list, decides each number's step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from listrak_relay.domain.delivery.guard import Guards, MirrorCount, guard_refusal
from listrak_relay.domain.delivery.plans import Stage
from listrak_relay.domain.delivery.sms_numbers import comparable
from listrak_relay.domain.delivery.sms_plan import SmsPlan
from listrak_relay.domain.delivery.sms_steps import Standing, Step, step_for
from listrak_relay.domain.destinations.destinations import Mode
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import Action, SmsManifest
from listrak_relay.errors import ConfigurationError, NotYetError, RetryableError
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.listrak_sms import SmsGateway
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import Clock, TimeLeft
from listrak_relay.use_cases.runs.chunk_rows import read_chunk
from listrak_relay.use_cases.runs.content_types import TEXT
from listrak_relay.use_cases.runs.preparing import (
    PreparingLock,
    take_mirror_lock,
    waiting_seconds,
)
from listrak_relay.use_cases.runs.stopping import must_stop
from listrak_relay.use_cases.sms.leavers import Leavers
from listrak_relay.use_cases.sms.number_forms import CODE, NumberForms
from listrak_relay.use_cases.sms.targets import find_targets

READ_ATTEMPTS = 3
"""Then the run goes on without what cannot be read; each is a delivery of its own, with the queue's wait between."""


@dataclass(frozen=True, slots=True, repr=False)
class _Reading:
    """``numbers`` by `comparable`. ``whole``: False where its end was not reached, in the last of the attempts."""

    numbers: set[str]
    whole: bool


@dataclass(frozen=True, slots=True)
class PrepareSms:
    """``poll_seconds``: wait between two looks at something that another must finish. ``connections``: calls under way
    at once."""

    ledger: RunLedger
    store: ObjectStore
    clock: Clock
    poll_seconds: float
    connections: int

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
        lock = PreparingLock(self.ledger, name, owner, waiting_seconds(self.poll_seconds))
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
                take_mirror_lock(self.ledger, plan.lock, manifest.run_id, lock.wait)
            return self._decide(manifest, gateway, plan, lock, time_left)

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
        plan = replace(plan, read_at=self.clock.now())
        opt_outs = ([one.contact for one in page] for page in gateway.opt_out_pages(plan.sender_code_id))
        opted_out = self._read(manifest, plan, opt_outs, lock, time_left)
        pages = gateway.list_pages(plan.sender_code_id, plan.list_id)
        listed = self._read(manifest, plan, pages, lock, time_left)
        if manifest.destination.mode is Mode.MIRROR and listed.whole and not listed.numbers and not plan.empty_reads:
            self._keep(manifest, replace(plan, empty_reads=1), lock)
            raise NotYetError("the phone list shows nobody, so it is asked once more", lock.wait)
        plan = replace(plan, list_read=listed.whole, opt_outs_read=opted_out.whole)
        subscribed = listed.numbers if listed.whole else None
        mirror = manifest.destination.mode is Mode.MIRROR
        leavers = Leavers(gateway, plan, manifest.destination.phone_format, self.connections, time_left)
        standing = Standing(subscribed, opted_out.numbers)
        if mirror and subscribed is None:
            why = "Mirror stopped before any change: Listrak's phone list could not be read; drop the file again later."
            return self._refuse(manifest, plan, lock, "list_unreadable", why)
        forms = NumberForms(gateway, plan.sender_code_id, manifest.destination.phone_format)
        if wrong_form := forms.why_none_is_located(listed.numbers):
            return self._refuse(manifest, plan, lock, CODE, wrong_form)
        in_file, staying, steps = self._store_steps(manifest, plan, standing, lock)
        shown = subscribed or frozenset[str]()
        if leavers.are_among(shown & in_file) or (mirror and leavers.are_among(shown - in_file)):
            standing = replace(standing, with_leavers=True)
            _, _, steps = self._store_steps(manifest, plan, standing, lock)
        plan = replace(plan, joining=steps[Step.SUBSCRIBE], unsubscribing=steps[Step.UNSUBSCRIBE])
        if mirror and subscribed is not None:
            # A file that keeps nobody is no picture of an audience, so it takes nobody off the list but by its rows.
            leaving = sorted(subscribed - in_file) if staying else []
            left = leavers.among(leaving) if standing.with_leavers else frozenset[str]()
            leaving = [number for number in leaving if number not in left]
            subscribers = len(subscribed) - len(left)
            plan = replace(plan, subscribers=subscribers, counted=True)
            count = MirrorCount(subscribers, subscribers, len(leaving))
            guards = Guards(manifest.destination.mirror_guard_percent, manifest.destination.audience_guard_percent)
            if too_many := guard_refusal(count, guards):
                return self._refuse(manifest, plan, lock, "mirror_guard", too_many)
            self._store_removals(manifest, leaving, lock)
            plan = replace(plan, removals=len(leaving))
        return self._keep(manifest, replace(plan, stage=Stage.READY), lock)

    def _read(
        self,
        manifest: SmsManifest,
        plan: SmsPlan,
        pages: Iterable[list[str]],
        lock: PreparingLock,
        time_left: TimeLeft,
    ) -> _Reading:
        found: set[str] = set()
        try:
            for page in pages:
                found.update(comparable(number, plan.country) for number in page)
                lock.check()
                if must_stop(time_left):
                    raise NotYetError("reading the phone list takes longer than the time that is left", 1)
        except NotYetError:
            raise
        except (RetryableError, ConfigurationError) as error:
            if isinstance(error, ConfigurationError) and error.code == "opt_outs_unreadable":
                return _Reading(found, whole=False)
            if isinstance(error, ConfigurationError) and error.code != "listrak_refused":
                raise
            failures = plan.read_failures + 1
            if failures >= READ_ATTEMPTS:
                return _Reading(found, whole=False)
            stored = self._stored(manifest) or plan
            self._keep(manifest, replace(stored, read_failures=failures), lock)
            if isinstance(error, ConfigurationError):
                raise RetryableError(str(error)) from error
            raise
        return _Reading(found, whole=True)

    def _store_steps(
        self, manifest: SmsManifest, plan: SmsPlan, standing: Standing, lock: PreparingLock
    ) -> tuple[set[str], bool, Counter[str]]:
        """All numbers of the file, whether any of them is to be on the list, and how many rows take each `Step`."""
        numbers: set[str] = set()
        taken: Counter[str] = Counter()
        resubscribe = manifest.destination.resubscribe
        for chunk in manifest.chunks:
            of_chunk = [comparable(cells[0], plan.country) for _, cells in read_chunk(self.store, chunk)]
            steps = "".join(step_for(chunk.action, n, standing, resubscribe=resubscribe) for n in of_chunk)
            lock.check()
            self.store.put(keys.steps_key(manifest.run_id, chunk.chunk_id), steps.encode(), TEXT)
            numbers.update(of_chunk)
            taken.update(steps)
        return numbers, any(chunk.action is not Action.UNSUBSCRIBE for chunk in manifest.chunks), taken

    def _store_removals(self, manifest: SmsManifest, leaving: list[str], lock: PreparingLock) -> None:
        """Shared out among the chunks, so that they end with their rows, in the same time."""
        share = len(manifest.chunks)
        for position, chunk in enumerate(manifest.chunks):
            part = leaving[position::share]
            if part:
                lock.check()
                key = keys.removals_key(manifest.run_id, chunk.chunk_id)
                self.store.put(key, "\n".join(part).encode(), TEXT)
