"""What holds for every import into the simulator, whatever its rows: tried on its parts, without a server."""

import asyncio
import base64
import csv
import io
import json
from collections.abc import AsyncIterator
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from listrak_simulator.email_api.account import EmailAccount
from listrak_simulator.email_api.addresses import is_valid
from listrak_simulator.email_api.contacts import State
from listrak_simulator.email_api.import_request import IMPORT_TYPES, UPDATE_TYPES, ImportRequest, MappedField
from listrak_simulator.email_api.import_upload import Upload, receive_upload
from listrak_simulator.email_api.import_work import FileImport
from listrak_simulator.email_api.seed import plant_list
from listrak_simulator.settings import Settings

KNOWN = {
    "in@example.com": "Subscribed",
    "out@example.com": "Unsubscribed",
    "waits@example.com": "Pending",
}
SEED = {
    "list_name": "Any",
    "groups": [{"name": "Any", "fields": [{"name": "Size", "data_type": "Numeric", "max_length": 5}]}],
    "contacts": [{"email": address, "state": state} for address, state in KNOWN.items()],
    "banned": ["banned@example.com"],
    "suppressed": ["suppressed@example.com"],
}
ADDRESSES = st.sampled_from(
    [*KNOWN, "IN@example.com", "banned@example.com", "suppressed@example.com", "a@example.com", "b@example.com", "no"]
)
CELLS = st.sampled_from(["", "1", "2.5", "many", "123456"])
ROWS = st.lists(st.tuples(ADDRESSES, CELLS), max_size=40)


@settings(deadline=None)
@given(
    rows=ROWS,
    import_type=st.sampled_from(IMPORT_TYPES),
    update_type=st.sampled_from(UPDATE_TYPES),
    include_unsubscribed=st.booleans(),
)
def test_every_row_is_counted_once_and_consent_is_never_widened(
    rows: list[tuple[str, str]], import_type: str, update_type: str, include_unsubscribed: bool
) -> None:
    account = EmailAccount()
    target = plant_list(account, SEED)
    [field] = target.fields().values()
    fields = (MappedField(1, field.field_id, ""),)
    wanted = ImportRequest("f.csv", import_type, update_type, ",", '"', False, include_unsubscribed, 0, None, fields)
    job = account.add_import(target, "f.csv", import_type)
    text = io.StringIO()
    csv.writer(text).writerows(rows)

    FileImport(job, wanted, target, Settings()).run(io.BytesIO(text.getvalue().encode()))

    summary = job.summary()
    assert summary.pop("processedCount") == sum(summary.values()) == len(rows)
    contacts = target.contacts
    assert [contacts.states[contacts.find(address) or 0] for address in ("out@example.com", "waits@example.com")] == [
        State.UNSUBSCRIBED,
        State.PENDING,
    ]
    assert contacts.find("banned@example.com") is None
    assert contacts.count(State.SUBSCRIBED) == 1 + summary["subscribedCount"] - summary["unsubscribedCount"]
    assert set(contacts.column(field.field_id)) <= {"", "1", "2.5"}
    assert len(contacts.column(field.field_id)) == len(contacts.addresses) == len(contacts)


@settings(deadline=None)
@given(
    content=st.binary(max_size=300),
    name=st.text(max_size=20),
    cuts=st.lists(st.integers(min_value=0, max_value=700), max_size=8),
    escapes=st.booleans(),
    last=st.booleans(),
)
def test_an_upload_is_the_same_wherever_the_network_cuts_it(
    content: bytes, name: str, cuts: list[int], escapes: bool, last: bool
) -> None:
    encoded = base64.b64encode(content).decode()
    document = {"fileName": name, "fileStream": encoded} if last else {"fileStream": encoded, "fileName": name}
    text = json.dumps(document).replace("/", "\\/") if escapes else json.dumps(document, ensure_ascii=False)
    body = text.encode()
    edges = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]

    async def receive() -> Upload:
        async def chunks() -> AsyncIterator[bytes]:
            for start, end in pairwise(edges):
                yield body[start:end]

        return await receive_upload(chunks())

    upload = asyncio.run(receive())

    assert upload.file is not None
    assert upload.file.read() == content
    assert upload.document == {"fileName": name, "fileStream": len(encoded)}


@settings(deadline=None)
@given(text=st.text(max_size=300))
def test_no_text_with_other_than_one_at_sign_is_an_address(text: str) -> None:
    assert not is_valid(text) or text.count("@") == 1
