"""What newer files have said is sent once more behind an import of an older one that has ended after they began."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from listrak_relay.domain.delivery.email_plan import EmailPlan
from listrak_relay.domain.run.manifest import AUDIENCE_MARK_OFF, CLEARED, Action, Chunk, EmailManifest
from listrak_relay.errors import CallFailedError, ContactRefusedError, OutcomeUnknownError, RetryableError
from listrak_relay.ports.listrak_email import CALLS_AT_ONCE, EmailGateway, ImportOrder
from listrak_relay.scratch import scratch_folder
from listrak_relay.use_cases.lanes.since import SaidSince, Undone
from listrak_relay.use_cases.runs.chunk_rows import record_of
from listrak_relay.use_cases.runs.import_names import again_import_file_name
from listrak_relay.use_cases.runs.side_by_side import SideBySide
from listrak_relay.use_cases.runs.stragglers import Stragglers, may_fail

SINGLE_CALLS = 1_000
"""As many people are told of one by one, more by an import."""

_ENOUGH_FAILED = 3
"""Of the calls beside an import: those that are left wait for the next try, since each that fails takes its time."""


@dataclass(frozen=True, slots=True)
class SayingAgain:
    """A repeat does no harm: each call and each import says what is to be."""

    since: SaidSince
    single_calls: int = SINGLE_CALLS

    def send(
        self,
        manifest: EmailManifest,
        plan: EmailPlan,
        chunk: Chunk,
        gateway: EmailGateway,
        newer: Sequence[EmailManifest],
    ) -> tuple[int, ...]:
        """Send what an import of the chunk may have undone. Returns the imports that were begun for it.

        Raises:
            RetryableError: not all of it was sent.
        """
        undone = self.since.undone(manifest, plan, chunk, newer)
        few = list(islice(undone, self.single_calls + 1))
        if len(few) <= self.single_calls:
            self._by_calls(plan, gateway, few)
            return ()
        with scratch_folder() as folder:
            return self._by_imports(manifest, plan, chunk, gateway, chain(few, undone), folder)

    def _by_calls(self, plan: EmailPlan, gateway: EmailGateway, people: Sequence[Undone]) -> None:
        """A few whose calls fail keep no other back, and more of them nobody who said no. Raises RetryableError all the
        same."""
        stragglers = Stragglers[Undone](may_fail(len(people)))
        threads = SideBySide[Undone, None](CALLS_AT_ONCE, lambda: True, stragglers.passes_over)
        no_first = sorted(people, key=lambda person: not person.left)
        threads.run(no_first, lambda person: _tell(plan, gateway, person), lambda _person, _nothing: None)
        if stragglers.failed:
            raise stragglers.failed[0][1]

    def _by_imports(
        self,
        manifest: EmailManifest,
        plan: EmailPlan,
        chunk: Chunk,
        gateway: EmailGateway,
        people: Iterator[Undone],
        folder: Path,
    ) -> tuple[int, ...]:
        """A few whose calls fail keep back no import, which may say no for others. Raises RetryableError all the
        same, so that the imports are begun once more."""
        failed: list[CallFailedError] = []
        fields = tuple(sorted({field.field_id for field in plan.fields if field.field_id}))
        leaving, staying = folder / "leaving.csv", folder / "staying.csv"
        with (
            leaving.open("w", encoding="utf-8", newline="") as left,
            staying.open("w", encoding="utf-8", newline="") as stayed,
        ):
            for person in people:
                if person.left:
                    left.write(record_of([person.contact]) + "\n")
                elif CLEARED in person.values.values():
                    if len(failed) < _ENOUGH_FAILED:
                        try:
                            _tell(plan, gateway, person)
                        except CallFailedError as error:
                            failed.append(error)
                else:
                    mark = AUDIENCE_MARK_OFF if person.out else ""
                    values = (person.values.get(field_id, "") for field_id in fields)
                    stayed.write(record_of([person.contact, *values, mark]) + "\n")
        orders = (
            (leaving, ImportOrder(_name(manifest, chunk, "no"), Action.UNSUBSCRIBE, ())),
            (staying, ImportOrder(_name(manifest, chunk, "values"), Action.UPDATE, (*fields, plan.audience_field_id))),
        )
        begun = tuple(_start(plan, gateway, path, order) for path, order in orders if path.stat().st_size)
        if failed:
            raise failed[0]
        return begun


def _start(plan: EmailPlan, gateway: EmailGateway, path: Path, order: ImportOrder) -> int:
    try:
        with path.open("rb") as body:
            return gateway.start_import(plan.list_id, order, path.stat().st_size, body)
    except OutcomeUnknownError as error:
        raise RetryableError(f"what newer files say may not have arrived: {error}") from error


def _tell(plan: EmailPlan, gateway: EmailGateway, person: Undone) -> None:
    try:
        known = gateway.contact(plan.list_id, person.contact)
        if known is None or known.subscribed is False or not (known.subscribed or person.left):
            return
        values = {field_id: "" if value == CLEARED else value for field_id, value in person.values.items()}
        if person.out:
            values[plan.audience_field_id] = AUDIENCE_MARK_OFF
        if person.left:
            values = {}
        gateway.save_contact(plan.list_id, person.contact, subscribed=False if person.left else None, values=values)
    except ContactRefusedError:
        return  # The list does not have them as anything else.


def _name(manifest: EmailManifest, chunk: Chunk, what: str) -> str:
    return again_import_file_name(manifest.run_id, chunk.chunk_id, what)
