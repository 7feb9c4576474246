"""In-memory object stores: the WorkBucket and the DropBucket."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import BinaryIO

from listrak_relay.domain.run.costs import COUNTERS, Usage
from listrak_relay.domain.run.object_kinds import folder_of
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.errors import FileRejectedError
from listrak_relay.file_slices import FileSlice
from listrak_relay.ports.import_paces import ImportPace
from listrak_relay.ports.pauses import Pause
from tests.support.fakes.script import Script


class FakeObjectStore:
    """`ports.storage.ObjectStore`. ``objects``: key → bytes."""

    def __init__(self, objects: dict[str, bytes] | None = None) -> None:
        self.objects: dict[str, bytes] = dict(objects or {})
        self.content_types: dict[str, str] = {}
        self.script = Script()

    def open(self, key: str, first: int = 0) -> BinaryIO:
        with self.script.step("open"):
            return io.BytesIO(self._find(key)[first:])

    def download(self, key: str, path: Path) -> None:
        with self.script.step("download"):
            path.write_bytes(self._find(key))

    def put(self, key: str, body: bytes, content_type: str) -> None:
        with self.script.step("put"):
            self.objects[key] = bytes(body)
            self.content_types[key] = content_type

    def put_file(self, key: str, path: Path, content_type: str) -> None:
        with self.script.step("put_file"):
            self.objects[key] = path.read_bytes()
            self.content_types[key] = content_type

    def put_slice(self, key: str, part: FileSlice, content_type: str) -> None:
        with self.script.step("put_slice"), part.open() as stream:
            self.objects[key] = stream.read()
            self.content_types[key] = content_type

    @contextmanager
    def writing(self, key: str, content_type: str) -> Iterator[BinaryIO]:
        body = io.BytesIO()
        yield body
        with self.script.step("writing"):
            self.objects[key] = body.getvalue()
            self.content_types[key] = content_type

    def delete(self, key: str) -> None:
        with self.script.step("delete"):
            self.objects.pop(key, None)

    def size(self, key: str) -> int:
        with self.script.step("size"):
            return len(self._find(key))

    def keys(self, prefix: str) -> list[str]:
        with self.script.step("keys"):
            return sorted(key for key in self.objects if key.startswith(prefix))

    def _find(self, key: str) -> bytes:
        try:
            return self.objects[key]
        except KeyError:
            raise FileNotFoundError(key) from None


DROPPED_AT = "2027-01-15T08:00:00Z"


class FakeDropStore:
    """`ports.storage.DropStore`: ``drop`` puts a file there and tells of it."""

    def __init__(self) -> None:
        self.script = Script()
        self.dropped_at = DROPPED_AT
        self._versions: dict[tuple[str, str, str], bytes] = {}
        self._times: dict[str, str] = {}
        self._dropped = count(1)

    def drop(self, key: str, body: bytes, *, bucket: str = "drop", version_id: str | None = None) -> DroppedFile:
        """At ``dropped_at``, which does not go on by itself: S3's sequencer tells the order of drops."""
        number = next(self._dropped)
        version = version_id or f"v{number}"
        self._versions[bucket, key, version] = body
        source = DroppedFile(bucket, key, version, len(body), self.dropped_at, f"{number:018X}")
        self._times[source.run_id] = source.dropped_at
        return source

    def remove(self, source: DroppedFile) -> None:
        del self._versions[source.bucket, source.key, source.version_id]

    def folder(self, marker: DroppedFile) -> list[DroppedFile]:
        with self.script.step("folder"):
            newest: dict[str, DroppedFile] = {}
            for (bucket, key, version), body in self._versions.items():
                if bucket == marker.bucket and key.startswith(folder_of(marker.key)):
                    newest[key] = DroppedFile(bucket, key, version, len(body), DROPPED_AT)
            return [newest[key] for key in sorted(newest)]

    def modified(self, source: DroppedFile) -> float:
        with self.script.step("modified"):
            self._find(source)
            return datetime.fromisoformat(self._times[source.run_id]).timestamp()

    def download(self, source: DroppedFile, path: Path, first: int = 0, end: int | None = None) -> None:
        with self.script.step("download"):
            path.write_bytes(self._find(source)[first:end])

    def open(self, source: DroppedFile, first: int = 0, end: int | None = None) -> BinaryIO:
        with self.script.step("open"):
            return io.BytesIO(self._find(source)[first:end])

    def _find(self, source: DroppedFile) -> bytes:
        body = self._versions.get((source.bucket, source.key, source.version_id))
        if body is None:
            raise FileRejectedError("file_gone", f"{source.key}: this version is no longer in the drop bucket")
        return body


class FakeCollectedUntil:
    """`ports.collecting.CollectedUntil`. ``times``: by lane, epoch seconds."""

    def __init__(self) -> None:
        self.times: dict[str, float] = {}
        self.script = Script()

    def read_until(self, lane: str) -> float | None:
        with self.script.step("read_until"):
            return self.times.get(lane)

    def note(self, lane: str, read_until: float) -> None:
        with self.script.step("note"):
            self.times[lane] = max(read_until, self.times.get(lane, 0))


class FakePauses:
    """`ports.pauses.PauseBook`."""

    def __init__(self) -> None:
        self._found: dict[str, Pause] = {}

    def find(self, name: str) -> Pause | None:
        return self._found.get(name)

    def pause(self, name: str, at: float) -> None:
        found = self._found.get(name)
        if found is None or not found.lasts:
            self._found[name] = Pause(at)

    def resume(self, name: str, at: float) -> None:
        found = self._found.get(name)
        if found and found.lasts:
            self._found[name] = Pause(found.since, at)

    def lasting(self) -> dict[str, Pause]:
        return {name: pause for name, pause in self._found.items() if pause.lasts}


class FakeImportPaces:
    """`ports.import_paces.ImportPaces`."""

    def __init__(self) -> None:
        self._found: dict[str, ImportPace] = {}

    def last(self, lane: str) -> ImportPace | None:
        return self._found.get(lane)

    def note(self, lane: str, pace: ImportPace) -> None:
        self._found[lane] = pace


class FakeDropRecord:
    """`ports.drops.DropRecord`. ``times``: by destination, epoch seconds."""

    def __init__(self) -> None:
        self.times: dict[str, float] = {}

    def note(self, destination: str, dropped_at: float) -> None:
        self.times[destination] = max(dropped_at, self.times.get(destination, 0))

    def last(self, destination: str) -> float | None:
        return self.times.get(destination)


class FakeUsageRecord:
    """`ports.usage.UsageRecord`."""

    def __init__(self) -> None:
        self._used: dict[str, dict[str, float]] = {}

    def add(self, run_id: str, usage: Usage) -> None:
        before = self._used.get(run_id, {})
        self._used[run_id] = {
            name: before.get(name, 0.0) + usage.get(name, 0.0)
            for name in COUNTERS
            if before.get(name) or usage.get(name)
        }

    def of(self, run_id: str) -> Usage:
        return dict(self._used.get(run_id, {}))
