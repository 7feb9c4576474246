"""Applies an import to the contacts of its sender code, a batch of rows at a time."""

from collections.abc import Mapping
from io import BytesIO

from listrak_simulator.email_api.import_file import read_batches
from listrak_simulator.sms_api import phone_numbers
from listrak_simulator.sms_api.account import ProfileField, SenderCode
from listrak_simulator.sms_api.contacts import Contact
from listrak_simulator.sms_api.import_request import ImportRequest
from listrak_simulator.sms_api.imports import ContactImport
from listrak_simulator.sms_api.profile_values import fits


class ContactFileImport:
    """One import's work, done in a thread of its own. Blank cells leave the old value."""

    def __init__(
        self,
        job: ContactImport,
        request: ImportRequest,
        sender_code: SenderCode,
        fields: Mapping[int, ProfileField],
        located_form: str,
    ) -> None:
        """``located_form``: the setting ``sms_located_form``."""
        self._job = job
        self._request = request
        self._sender_code = sender_code
        self._located_form = located_form
        self._columns = [(mapped, fields[mapped.field_id]) for mapped in request.fields]

    def run(self, file: BytesIO) -> None:
        """Raises csv.Error where the text cannot be read; batches before that stay applied."""
        for columns in read_batches(file, self._request):
            for position, phone in enumerate(columns[self._request.phone_column]):
                self._job.rows += 1
                contact = self._contact(phone)
                if contact is None:
                    self._job.unknown += 1
                    continue
                values = {
                    field.field_id: columns[mapped.column][position] or mapped.default
                    for mapped, field in self._columns
                }
                if not all(fits(field, values[field.field_id]) for _, field in self._columns):
                    self._job.refused += 1
                    continue
                contact.person.write_values({field_id: value for field_id, value in values.items() if value})
                self._job.updated += 1

    def _contact(self, phone: str) -> Contact | None:
        number = phone_numbers.parse(phone.strip(), self._sender_code.country)
        return None if number is None else self._sender_code.located(phone.strip(), number, self._located_form)
