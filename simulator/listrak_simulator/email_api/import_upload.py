"""Takes an import's body in as it arrives: the Base64 file is decoded piece by piece and never held as text."""

import binascii
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from listrak_simulator import bodies, errors

_FILE_STREAM = re.compile(rb'(?<!\\)"fileStream"\s*:\s*"')
_LONGEST_MATCH = 256  # bytes between the start of the key and the value's quote that a chunk border may split
_BASE64_QUANTUM = 4  # characters that make three bytes


@dataclass(frozen=True)
class Upload:
    document: dict[str, Any]
    """The JSON object, with ``fileStream`` as its length in characters (or as it was, if it is no string)."""

    file: BytesIO | None
    """The decoded file at position 0; None where the document has no such string."""


class _Base64File:
    """Raises ApiError ERROR_INVALID_PARAMETER on anything that is not one well-formed Base64 text."""

    def __init__(self) -> None:
        self.file = BytesIO()
        self.characters = 0
        self._rest = b""
        self._ended = False

    def feed(self, text: bytes) -> None:
        text = self._rest + text
        if b"\\" in text:  # JSON lets a writer escape the slash, and some always do
            text = text.replace(b"\\/", b"/")
        whole = len(text) - len(text) % _BASE64_QUANTUM
        if text.endswith(b"\\"):
            whole -= _BASE64_QUANTUM
        self._rest = text[max(whole, 0) :]
        self._decode(memoryview(text)[: max(whole, 0)])

    def finish(self) -> None:
        if self._rest:
            raise errors.invalid_parameter("fileStream")
        self.file.seek(0)

    def _decode(self, text: memoryview) -> None:
        if not text:
            return
        try:
            if self._ended:
                raise binascii.Error("text after the padding")
            self.file.write(binascii.a2b_base64(text, strict_mode=True))
        except binascii.Error as error:
            raise errors.invalid_parameter("fileStream") from error
        self._ended = text[-1] == ord("=")
        self.characters += len(text)


async def receive_upload(chunks: AsyncIterator[bytes]) -> Upload:
    """Read a JSON object whose ``fileStream`` may be hundreds of megabytes.

    Raises:
        ApiError: ERROR_MALFORMED_REQUEST_BODY, or ERROR_INVALID_PARAMETER where ``fileStream`` is no Base64.
    """
    head, tail = bytearray(), bytearray()
    content: _Base64File | None = None
    in_file = False
    async for chunk in chunks:
        if content is None:
            searched = max(0, len(head) - _LONGEST_MATCH)
            head += chunk
            found = _FILE_STREAM.search(head, searched)
            if found is None:
                continue
            content, in_file = _Base64File(), True
            chunk = bytes(head[found.end() :])  # noqa: PLW2901  the part of it that belongs to the file
            del head[found.end() :]
        if in_file:
            text, quote, chunk = chunk.partition(b'"')  # noqa: PLW2901
            content.feed(text)
            in_file = not quote
        tail += chunk
    if content is None:
        return Upload(bodies.parse_object(bytes(head)), None)
    if in_file:
        raise errors.malformed_body()
    document = bodies.parse_object(bytes(head + b'"' + tail))
    if document.get("fileStream") != "":  # the text stood deeper in the document, where nothing is called so
        raise errors.malformed_body()
    content.finish()
    document["fileStream"] = content.characters
    return Upload(document, content.file)
