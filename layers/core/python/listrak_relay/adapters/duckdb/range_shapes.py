"""How a large file is written, found from its start; and where in it a row begins, found from a window on it."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from listrak_relay.adapters.formats.delimited.grammar import Dialect, Escapes
from listrak_relay.adapters.formats.delimited.reader import RecordReader
from listrak_relay.adapters.formats.delimited.survey import survey
from listrak_relay.adapters.formats.json_layout import START, JsonLayout, json_format, object_layout
from listrak_relay.adapters.formats.kinds import START_BYTES, is_parquet, is_wide, refuse_other_kinds
from listrak_relay.adapters.formats.text_encoding import codec_of, errors_of, evidence_of, to_utf_8
from listrak_relay.adapters.unpacking.archives import is_tar, is_zip
from listrak_relay.adapters.unpacking.compressed import Decompressed, compression_of
from listrak_relay.adapters.unpacking.pgp_files import is_pgp
from listrak_relay.adapters.unpacking.rejections import as_rejection
from listrak_relay.domain.destinations.data_template import DataTemplate
from listrak_relay.domain.destinations.encodings import UTF_8, UTF_16, WINDOWS_1252, lines_stand_alone
from listrak_relay.domain.destinations.file_rules import FileFormat, FileRules
from listrak_relay.domain.reading.ranges import HEAD_BYTES, FileShape, RangeKind
from listrak_relay.errors import FileRejectedError
from listrak_relay.scratch import scratch_folder

_LINE_END = re.compile(r"\r\n|\n|\r(?=[^\n])")
_BLOCK = 1 << 20
_CANDIDATES = 100
_ROWS_TRIED = 20


def find_shape(head: Path, file: str, rules: FileRules, template: DataTemplate | None, *, whole: bool) -> FileShape:
    """See `ports.ranges.RangeReader.look`."""
    with head.open("rb") as stream:
        start = stream.read(START_BYTES)
    compression = compression_of(start) or ""
    with scratch_folder() as folder:
        if compression:
            head, ended = _unpacked_head(head, compression, file, folder / "head")
            whole = whole and ended
            with head.open("rb") as stream:
                start = stream.read(START_BYTES)
        shape = FileShape(file, RangeKind.WHOLE)
        refuse_other_kinds(start, file, rules.encoding)
        binary = any(test(start) for test in (is_parquet, is_zip, is_tar, is_pgp, compression_of))
        if not binary and rules.format not in (FileFormat.PARQUET, FileFormat.XLSX):
            shape = _text_shape(head, start, replace(shape, compression=compression), rules, template, whole=whole)
        return shape


def _unpacked_head(head: Path, compression: str, file: str, target: Path) -> tuple[Path, bool]:
    """As much as comes out of the start of a compressed file, up to `HEAD_BYTES`; whether that is all of it."""
    with as_rejection(file), head.open("rb") as packed, target.open("wb") as out:
        content = Decompressed(packed, compression)
        try:
            while block := content.read(_BLOCK):
                out.write(block)
                if out.tell() >= HEAD_BYTES:
                    return target, False
        except EOFError:
            if not out.tell():
                raise
            return target, False
    return target, True


def _text_shape(
    head: Path, start: bytes, shape: FileShape, rules: FileRules, template: DataTemplate | None, *, whole: bool
) -> FileShape:
    encoding, settled = _encoding(head, start, shape.file, rules, whole=whole)
    shape = replace(shape, encoding=encoding, codec=codec_of(encoding, start), encoding_open=not settled)
    if not lines_stand_alone(shape.codec):
        return shape
    text = head.with_name(f"{head.name}-text")
    to_utf_8(head, shape.codec, text)
    try:
        if not whole:
            _cut_last_line(text)
        with text.open(encoding="utf-8-sig", errors="surrogateescape") as stream:
            beginning = stream.read(START)
        kind = rules.format or json_format(beginning[:START_BYTES]) or FileFormat.DELIMITED
        if kind is FileFormat.NDJSON and object_layout(beginning, whole=False) is not JsonLayout.LINES:
            # Where a line begins says nothing there.
            return shape
        if kind is FileFormat.NDJSON:
            return replace(shape, kind=RangeKind.NDJSON)
        if kind is FileFormat.JSON:
            return shape
        facts = survey(text, shape.file, rules, template)
    finally:
        text.unlink()
    return replace(
        shape,
        kind=RangeKind.DELIMITED,
        delimiter=facts.dialect.delimiter,
        quote=facts.dialect.quote,
        escape=facts.dialect.escape,
        escapes=facts.dialect.escapes.value,
        spaced=facts.dialect.spaced,
        unsure=facts.dialect.unsure,
        odd_quotes=facts.dialect.odd_quotes,
        null_marks=facts.dialect.null_marks,
        null_texts=facts.dialect.null_texts,
        names=tuple(facts.names),
        nameless=facts.nameless,
        row_end=facts.row_end,
        header_row=facts.header_row,
        first_lines=facts.first_lines,
    )


def _encoding(head: Path, start: bytes, file: str, rules: FileRules, *, whole: bool) -> tuple[str, bool]:
    """The encoding, and whether that is settled. A byte order mark of UTF-8 overrules the setting."""
    if start.startswith(codecs.BOM_UTF8):
        if not rules.encoding:
            evidence_of(head).check_once(file)
        return UTF_8, True
    if rules.encoding:
        return rules.encoding, True
    if is_wide(start):
        return UTF_16, True
    evidence = evidence_of(head)
    settled = whole or evidence.conclusive
    if settled:
        return evidence.encoding(file), True
    return WINDOWS_1252 if evidence.one_byte_each else UTF_8, False


def _cut_last_line(text: Path) -> None:
    """Without what the end of the head has cut in two."""
    with text.open("rb+") as stream:
        stream.seek(max(0, text.stat().st_size - (1 << 22)))
        begin, tail = stream.tell(), stream.read()
        end = max(tail.rfind(b"\n"), tail.rfind(b"\r"))
        if end >= 0:
            stream.truncate(begin + end + 1)


def find_boundary(window: bytes, shape: FileShape) -> int | None:
    """See `ports.ranges.RangeReader.boundary`: the first line from which on the next rows all are sound; if there is
    none such, the line after which most are."""
    best, best_share = None, 0.0
    for place in islice(_line_starts(window, shape), _CANDIDATES):
        share = 1.0 if shape.kind is RangeKind.NDJSON else _sound_share(_decoded(window[place:], shape), shape)
        if share > best_share:
            best, best_share = place, share
        if share == 1.0:
            break
    return best


def _decoded(window: bytes, shape: FileShape) -> str:
    """The end may have cut a character in two."""
    return codecs.getincrementaldecoder(shape.codec)(errors_of(shape.codec)).decode(window)


def dialect_of(shape: FileShape) -> Dialect:
    return Dialect(
        shape.delimiter,
        shape.quote,
        shape.escape,
        shape.spaced,
        Escapes(shape.escapes),
        shape.unsure,
        shape.odd_quotes,
        shape.null_marks,
        shape.null_texts,
    )


def _line_starts(window: bytes, shape: FileShape) -> Iterator[int]:
    """Places in the bytes where lines begin behind line ends of the file's own kind: another kind may have cut a row
    in two. A carriage return at the end of the window may be half of a line end."""
    wide = shape.codec.startswith(UTF_16)
    # The bytes of a line end are no part of another character in any encoding that is read in ranges, but for UTF-16.
    text = window[: len(window) // 2 * 2].decode(shape.codec, "surrogatepass") if wide else window.decode("latin-1")
    for found in _LINE_END.finditer(text):
        if found.end() < len(text) and found.group() == (shape.row_end or found.group()):
            yield len(text[: found.end()].encode(shape.codec, "surrogatepass")) if wide else found.end()


def _sound_share(text: str, shape: FileShape) -> float:
    """Of the first rows of a text those that are sound; the last one, which the window may have cut, does not count."""
    reader = RecordReader(
        io.StringIO(text, newline=dialect_of(shape).newline),
        dialect_of(shape),
        file=shape.file,
        width=len(shape.names),
        nameless=shape.nameless,
        key=None,
    )
    try:
        found = list(islice(reader, _ROWS_TRIED + 1))
    except FileRejectedError:
        return 0.0
    judged = found[:-1]
    return sum(row.damage is None for row in judged) / len(judged) if judged else 0.0


def unpacked(stream: BinaryIO, shape: FileShape) -> BinaryIO:
    """See `ports.ranges.RangeReader.unpacked`."""
    return io.BufferedReader(_Guarded(Decompressed(stream, shape.compression), shape.file), 1 << 20)


class _Guarded(io.RawIOBase):
    """Reading raises what `unpacking.as_rejection` makes of damage."""

    def __init__(self, content: Decompressed, file: str) -> None:
        super().__init__()
        self._content = content
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object, /) -> int:
        with as_rejection(self._file):
            return self._content.readinto(buffer)
