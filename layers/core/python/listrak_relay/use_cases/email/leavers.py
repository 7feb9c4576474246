"""Who leaves the audience of a mirror run: written down as they are counted, and their marks taken by one import.

Only marks of people who are not in the file are touched, so that whoever stays has theirs at every moment, whatever
fails; and none before Listrak has taken what the run brings.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from listrak_relay.domain.delivery.email_plan import EmailPlan
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import AUDIENCE_MARK_OFF, Action, EmailManifest
from listrak_relay.domain.values.csv_lines import csv_rows
from listrak_relay.errors import BoundedWaitError, ConfigurationError, OutcomeUnknownError, RetryableError
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.listrak_email import EmailGateway, ImportOrder
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import Clock
from listrak_relay.scratch import scratch_folder
from listrak_relay.use_cases.lanes.superseding import Newcomers, Superseding
from listrak_relay.use_cases.runs.attempts import check_attempts
from listrak_relay.use_cases.runs.chunk_rows import record_of
from listrak_relay.use_cases.runs.content_types import CSV
from listrak_relay.use_cases.runs.import_names import CLOCK_TOLERANCE_SECONDS, import_file_name
from listrak_relay.use_cases.runs.plans import load_plan
from listrak_relay.use_cases.runs.preparing import PreparingLock, take_mirror_lock
from listrak_relay.use_cases.runs.waiting import seconds_to_look


@dataclass(frozen=True, slots=True, kw_only=True)
class Leavers:
    """``wait``: seconds between two looks at something that another must finish. ``deadline``: seconds that Listrak has
    to take the marks. ``max_attempts``: imports that are begun for it before the run's messages are set aside."""

    ledger: RunLedger
    store: ObjectStore
    clock: Clock
    superseding: Superseding
    wait: float
    deadline: float
    max_attempts: int

    def write(self, run_id: str, part: int, emails: Iterable[str]) -> None:
        """The part of that number, from 0; a repeat takes its place."""
        with self.store.writing(keys.leavers_key(run_id, part), CSV) as body:
            for email in emails:
                body.write(_line(email))

    def size(self, run_id: str, parts: int) -> int:
        """Bytes of the first ``parts`` parts."""
        return sum(self.store.size(keys.leavers_key(run_id, part)) for part in range(parts))

    def take_marks(self, manifest: EmailManifest, gateway: EmailGateway, owner: str, *, redriven: bool) -> None:
        """Have Listrak take the marks of all that were written down, or find that it does not come to an end; a repeat
        changes nothing. ``redriven``: an operator wants it to be tried once more.

        Raises:
            NotYetError: Listrak is still at it, or another delivery is.
            RetryableError: it is not known whether Listrak has begun.
            ConfigurationError: it failed (code ``clearing_failed``), or was begun too often (``attempts_used_up``).
        """
        plan = load_plan(self.ledger, manifest.run_id, EmailPlan)
        if not plan.leavers_parts or plan.marks_taken or plan.stalled:
            return
        if any(newer.mirrors for newer in self.superseding.newer_of_audience(manifest)):
            # A newer file has said who is in the audience since they were counted.
            return
        lock = PreparingLock(self.ledger, f"leavers/{manifest.run_id}", owner)
        with lock.held():
            plan = load_plan(self.ledger, manifest.run_id, EmailPlan)
            if plan.marks_taken or plan.stalled:
                return
            take_mirror_lock(self.ledger, plan.lock, manifest.run_id, self.wait)
            if not plan.clear_import_id:
                plan = self._start(manifest, plan, gateway, lock, redriven=redriven)
            if plan.marks_taken:
                return
            self._follow(manifest.run_id, plan, gateway, lock)

    def _start(
        self, manifest: EmailManifest, plan: EmailPlan, gateway: EmailGateway, lock: PreparingLock, *, redriven: bool
    ) -> EmailPlan:
        run_id = manifest.run_id
        order = ImportOrder(
            import_file_name(run_id, "leavers"), Action.UPDATE, (plan.audience_field_id,), include_unsubscribed=True
        )
        found = None
        if plan.clear_begun_at:
            since = plan.clear_begun_at - CLOCK_TOLERANCE_SECONDS
            found = gateway.find_import(plan.list_id, order.file_name, since)
        if found is None:
            if not redriven:
                check_attempts(plan.clear_attempts, self.max_attempts)
            plan = replace(plan, clear_begun_at=self.clock.now(), clear_attempts=plan.clear_attempts + 1)
            lock.keep(run_id, plan)
            found = self._send(manifest, plan, gateway, order)
        plan = replace(plan, clear_import_id=found) if found else replace(plan, marks_taken=True)
        lock.keep(run_id, plan)
        return plan

    def _send(self, manifest: EmailManifest, plan: EmailPlan, gateway: EmailGateway, order: ImportOrder) -> int | None:
        """None: nobody is left to take the mark from."""
        with scratch_folder() as folder, (folder / "leavers.csv").open("w+b") as file:
            newer = self.superseding.newer_of_audience(manifest)
            for part in range(plan.leavers_parts):
                with self.store.open(keys.leavers_key(manifest.run_id, part)) as body:
                    if newer:
                        _copy_without(newer, body, file)
                    else:
                        shutil.copyfileobj(body, file)
            size = file.tell()
            if not size:
                return None
            file.seek(0)
            try:
                return gateway.start_import(plan.list_id, order, size, file)
            except OutcomeUnknownError as error:
                # Looked up by its name first, and a second one would take the same marks.
                raise RetryableError(f"taking marks got no answer: {error}", retry_after=5) from error

    def _follow(self, run_id: str, plan: EmailPlan, gateway: EmailGateway, lock: PreparingLock) -> None:
        status = gateway.import_status(plan.list_id, plan.clear_import_id)
        waited = self.clock.now() - plan.clear_begun_at
        if not status.finished and waited > self.deadline:
            plan = replace(plan, clear_overdue_hours=self.deadline / 3600)
            self.ledger.note_problem(run_id, "clearing_stalled", plan.marks_left)
            lock.keep(run_id, plan)
            return
        if not status.finished:
            still = "Listrak is still taking the marks of those who left the audience"
            raise BoundedWaitError(still, seconds_to_look(self.wait, waited))
        if status.failed:
            lock.keep(run_id, replace(plan, clear_import_id=0, clear_begun_at=0.0))
            raise ConfigurationError(
                "clearing_failed",
                "Listrak could not take the marks of those who left the audience, so they still have them; "
                "return the run's messages from the dead-letter queue to try again",
            )
        lock.keep(run_id, replace(plan, marks_taken=True))


def _copy_without(newer: Sequence[Newcomers], body: BinaryIO, file: BinaryIO) -> None:
    """The lines of those whom no newer file has put into the audience since they were counted."""
    with io.TextIOWrapper(body, encoding="utf-8", newline="") as text:
        emails = [cells[0] for cells in csv_rows(text)]
    staying: set[str] = set()
    leaving = {email.casefold() for email in emails}
    for run in newer:
        staying |= run.among(leaving)
    for email in emails:
        if email.casefold() not in staying:
            file.write(_line(email))


def _line(email: str) -> bytes:
    return f"{record_of([email, AUDIENCE_MARK_OFF])}\n".encode()
