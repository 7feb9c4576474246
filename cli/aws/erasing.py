"""Taking a person out of what is kept in S3, earlier versions of the objects included.

``wanted``: what a cell that names the person holds, case-folded.
"""

from __future__ import annotations

import csv
import io

from cli.aws.answers import answered
from cli.aws.stack import Stack
from listrak_relay.domain.run.rejects import tells_of


def remove_records(stack: Stack, key: str, wanted: str) -> int:
    """Of a file with a header whose rows hold the row of the dropped file; returns how many there were."""
    try:
        lines = list(csv.DictReader(io.StringIO(stack.read(key).decode())))
    except FileNotFoundError:
        return 0
    kept = [line for line in lines if not tells_of(line.get("record") or "", wanted)]
    if len(kept) < len(lines):
        out = io.StringIO()
        writer = csv.DictWriter(out, lines[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
        _replace(stack, key, out.getvalue())
    return len(lines) - len(kept)


def remove_lines(stack: Stack, bucket: str, key: str, wanted: str) -> int:
    """Of a file without a header; returns how many there were."""
    lines = _records(stack.read(key, bucket))
    kept = [line for line in lines if not _has(line, wanted)]
    if len(kept) < len(lines):
        _replace(stack, key, "".join(kept), bucket)
    return len(lines) - len(kept)


def remove_from_chunk(stack: Stack, key: str, wanted: str) -> int:
    """Of a chunk and of the file of its row numbers; returns how many rows there were."""
    rows_key = f"{key.removesuffix('.csv')}.rows"
    lines = _records(stack.read(key))
    stay = [not _has(line, wanted) for line in lines]
    if all(stay):
        return 0
    _replace(stack, key, "".join(line for line, stays in zip(lines, stay, strict=True) if stays))
    try:
        numbers = stack.read(rows_key).decode().splitlines(keepends=True)
    except FileNotFoundError:
        numbers = []
    header = len(lines) - len(numbers)
    if header in (0, 1):  # of a feed, which has no number
        of_rows = stay[header:]
        _replace(stack, rows_key, "".join(number for number, stays in zip(numbers, of_rows, strict=True) if stays))
    return stay.count(False)


def _records(body: bytes) -> list[str]:
    """As they are written. One in quotes may go over several lines; what else Unicode takes for a line end is text."""
    found, record = [], ""
    for line in io.StringIO(body.decode(), newline="\n"):
        record += line
        if record.count('"') % 2 == 0:
            found.append(record)
            record = ""
    return [*found, record] if record else found


def _has(record: str, wanted: str) -> bool:
    return any(cell.strip().casefold() == wanted for cell in next(csv.reader(io.StringIO(record, newline="")), []))


def _replace(stack: Stack, key: str, text: str, bucket: str | None = None) -> None:
    """``bucket``: None for the WorkBucket."""
    place = bucket or stack.work_bucket
    answered(lambda: stack.s3.put_object(Bucket=place, Key=key, Body=text.encode()), key)
    delete_object(stack, place, key, keep_current=True)


def delete_object(stack: Stack, bucket: str, key: str, *, keep_current: bool) -> None:
    """Earlier versions of an object, and the present one with them unless it is kept."""
    pages = stack.s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key)
    for page in pages:
        for version in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            if version["Key"] == key and not (keep_current and version["IsLatest"]):
                asked = {"Bucket": bucket, "Key": key, "VersionId": version["VersionId"]}
                answered(lambda asked=asked: stack.s3.delete_object(**asked), key)
