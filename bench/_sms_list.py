"""A phone list of millions as `deliver_sms` meets it: Listrak's answers, the WorkBucket on the disk, a run's chunks."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urlsplit

from listrak_relay.adapters.listrak.answer import Answer
from listrak_relay.adapters.listrak.calls import PAGE_SIZE, START
from listrak_relay.adapters.listrak.http import ListrakHttp
from listrak_relay.adapters.listrak.sms import ListrakSms
from listrak_relay.adapters.listrak.token import ListrakToken
from listrak_relay.adapters.listrak.transport import Request
from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.domain.destinations.destinations import SmsDestination
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import Action, Chunk, RunManifest
from listrak_relay.domain.run.runs import DroppedFile

IN_FILE = 1_000_000
NEW = 50_000
"""Of the file: not on the list."""
CHUNK_ROWS = 5_000

_CODE, _LIST = 7, 70
_FIRST = 12_000_000_000
_STEP = 2_654_435_761
"""No divisor of it is one of a million, so that a list in its steps has each number once, in no order."""

RUN = DroppedFile("drop", "sms/bench/file.csv", "v1", 1, "2026-11-29T00:00:00Z")


class PhoneListAnswers:
    """`Transport` of a sender code with one list of so many. ``asked``: calls by method and kind of path."""

    def __init__(self, listed: int) -> None:
        self._listed = listed
        self.asked: Counter[str] = Counter()

    def send(self, request: Request) -> Answer:
        path = unquote(urlsplit(request.url).path)
        end = path.rpartition("/")[2]
        kind = "contact" if end.lstrip("+").isdigit() else end
        self.asked[f"{request.method} {kind}"] += 1
        body: dict[str, object] = {"status": 200, "data": self._data(path, end, request)}
        if path.endswith(f"/PhoneList/{_LIST}/Contact") and request.method == "GET":
            assert request.query
            cursor = request.query["cursor"]
            first = 0 if cursor == START else int(cursor)
            end_of_page = min(self._listed, first + PAGE_SIZE)
            body["data"] = [_contact(self._listed, place) for place in range(first, end_of_page)]
            body["nextPageCursor"] = str(end_of_page) if end_of_page < self._listed else None
        return Answer(200, {}, json.dumps(body).encode())

    def _data(self, path: str, end: str, request: Request) -> object:
        if end == "ShortCode":
            return [{"shortCodeId": _CODE, "code": "71755", "country": "US", "merchantName": "Made Up"}]
        if end == "PhoneList" and "/Contact/" in path:
            return [{"phoneListId": _LIST, "subscriptionState": "Subscribed", "unsubscribeDate": None}]
        if end == "PhoneList":
            active = bool(request.query and request.query.get("status") == "active")
            return [{"phoneListId": _LIST, "phoneListName": "Master List", "status": "Active"}] if active else []
        return {"optedOut": False, "phoneNumber": end} if end.lstrip("+").isdigit() else []


class Token:
    def current(self, *, fresh_secret: bool = False) -> str:
        return "token" if fresh_secret else ""

    def forget(self, token: str) -> None:
        raise SystemExit(f"{token} was refused")


def client_of(answers: PhoneListAnswers) -> ListrakSms:
    """Our own, signed in."""
    http = ListrakHttp("https://listrak.example.com", answers, cast("ListrakToken", Token()), time.sleep)
    return ListrakSms(http)


def _contact(listed: int, place: int) -> dict[str, object]:
    """With what Listrak publishes of one."""
    return {
        "phoneNumber": str(_FIRST + place * _STEP % listed),
        "emailAddress": "",
        "firstName": "",
        "lastName": "",
        "birthday": None,
        "postalCode": "",
        "optedOut": False,
        "segmentationFieldValues": [],
    }


class Folder(MutableMapping[str, bytes]):
    """Objects by key, as files, so that they take no memory."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __getitem__(self, key: str) -> bytes:
        try:
            return self._of(key).read_bytes()
        except FileNotFoundError:
            raise KeyError(key) from None

    def __setitem__(self, key: str, body: bytes) -> None:
        self._of(key).write_bytes(body)

    def __delitem__(self, key: str) -> None:
        self._of(key).unlink()

    def __iter__(self) -> Iterator[str]:
        return (unquote(path.name) for path in self._path.iterdir())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _of(self, key: str) -> Path:
        return self._path / key.replace("/", "%2F")


def write_chunks(listed: int, folder: Path) -> None:
    """As ingest leaves them: those of the end of the list, and the new ones behind them."""
    objects, first = Folder(folder), _FIRST + listed + NEW - IN_FILE
    for chunk, start in zip(chunks(), range(0, IN_FILE, CHUNK_ROWS), strict=True):
        objects[chunk.key] = _body(first + start)
        objects[chunk.rows_key] = "".join(f"{row}\n" for row in range(start + 2, start + 2 + CHUNK_ROWS)).encode()


def manifest(listed: int, mode: Mode) -> RunManifest[SmsDestination]:
    """A mirror run's guards let everybody go."""
    first = _FIRST + listed + NEW - IN_FILE
    return RunManifest(
        run_id=RUN.run_id,
        source=RUN,
        destination=SmsDestination("sms", mode=mode, mirror_guard_percent=100, audience_guard_percent=100),
        audience="bench",
        columns=(),
        chunks=tuple(chunks(first)),
        rows_read=IN_FILE,
        rejected=0,
        duplicates=0,
    )


def chunks(first: int = 0) -> Iterator[Chunk]:
    for start in range(0, IN_FILE, CHUNK_ROWS):
        name, body = f"{Action.SUBSCRIBE}-{start // CHUNK_ROWS + 1:04}", _body(first + start)
        key, rows_key = keys.chunk_key(RUN.run_id, name), keys.rows_key(RUN.run_id, name)
        yield Chunk(name, Action.SUBSCRIBE, key, rows_key, CHUNK_ROWS, len(body), hashlib.sha256(body).hexdigest())


def _body(first: int) -> bytes:
    return "".join(f"+{number}\n" for number in range(first, first + CHUNK_ROWS)).encode()
