"""The profile values of one chunk of phone numbers go to Listrak in one import, after their calls."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from listrak_relay.domain.delivery.sms_numbers import sent_form
from listrak_relay.domain.run.runs import ChunkRecord
from listrak_relay.errors import ConfigurationError, NotYetError, OutcomeUnknownError, RetryableError
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.listrak_sms import SmsGateway, SmsImportOrder
from listrak_relay.ports.time import Clock
from listrak_relay.scratch import scratch_folder
from listrak_relay.use_cases.runs.attempts import check_attempts
from listrak_relay.use_cases.runs.chunk_rows import record_of
from listrak_relay.use_cases.runs.import_names import import_file_name
from listrak_relay.use_cases.runs.progress import Progress
from listrak_relay.use_cases.sms.number_forms import CODE, NumberForms
from listrak_relay.use_cases.sms.rows import SmsRows


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuesImport:
    """``max_attempts``: imports of one chunk's values that are begun, before it is set aside."""

    ledger: RunLedger
    clock: Clock
    max_attempts: int

    def begin(self, rows: SmsRows, progress: Progress, record: ChunkRecord, gateway: SmsGateway) -> int | None:
        """The import's id, None if there are no values.

        A lost answer is met by another import: Listrak lists none by name, and one of the same values changes nothing.

        Raises:
            ConfigurationError: Listrak would drop the numbers, as they are written, without a word.
            NotYetError: another delivery has begun an import.
            RelayError: as `use_cases.runs.attempts` and the gateway say.
        """
        with scratch_folder() as folder:
            path = folder / "values.csv"
            if not _write_values(rows, progress, path):
                return None
            _check_form(rows, progress, gateway)
            check_attempts(record.attempts, self.max_attempts)
            run_id, chunk_id, plan = rows.manifest.run_id, rows.chunk.chunk_id, rows.plan
            if not self.ledger.begin_attempt(run_id, chunk_id, self.clock.now(), record.attempted_at):
                raise NotYetError("another delivery of this message has begun an import", 5)
            fields = tuple(field.field_id for field in plan.fields if field and field.field_id)
            order = SmsImportOrder(import_file_name(run_id, chunk_id), fields)
            try:
                with path.open("rb") as body:
                    import_id = gateway.start_import(plan.sender_code_id, order, path.stat().st_size, body)
            except OutcomeUnknownError as error:
                raise RetryableError(f"the profile values may not have arrived: {error}") from error
        self.ledger.record_submission(run_id, chunk_id, import_id)
        return import_id


def _check_form(rows: SmsRows, progress: Progress, gateway: SmsGateway) -> None:
    """Listrak's import drops numbers that it does not find without a word."""
    forms = NumberForms(gateway, rows.plan.sender_code_id, rows.manifest.destination.phone_format)
    if why := forms.why_values_would_be_lost(number for number, *_ in rows.with_values(progress)):
        raise ConfigurationError(CODE, why)


def _write_values(rows: SmsRows, progress: Progress, path: Path) -> bool:
    """Whether there was any."""
    form = rows.manifest.destination.phone_format
    written = False
    with path.open("w", encoding="utf-8", newline="") as file:
        for number, *values in rows.with_values(progress):
            file.write(record_of([sent_form(number, form), *values]) + "\n")
            written = True
    return written
