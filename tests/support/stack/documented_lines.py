"""Commands of the documentation that are typed at a shell and are none of `listrak-relay`: where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from tests.support.paths import ROOT

PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "local/README.md", "simulator/README.md")),
    ROOT / "tests/README.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
_BLOCK = re.compile(r"^( *)```(?:console|bash|sh)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")
_COMMAND = re.compile(r"(?:\w+=\$\()?(?:aws|make|sam|git|pip|listrak-simulator|\.venv/bin/python)\s\S.*", re.DOTALL)
_LINES = re.compile(r"(?:.*\\\n)*.*\n")
_DEFINITION = re.compile(r"\w+\(\) \{")


def documented_lines() -> set[str]:
    """Each as it is printed, on one line, without prompt and comment."""
    return set(chain.from_iterable(_lines(page.read_text(encoding="utf-8")) for page in PAGES))


def definitions() -> str:
    """What the commands of `docs/operations.md` presume, as it stands there."""
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    blocks: list[str] = [block for _, block in _BLOCK.findall(text)]
    return next(block for block in blocks if _DEFINITION.search(block))


def _lines(text: str) -> Iterator[str]:
    for _, block in _BLOCK.findall(text):
        for line in _LINES.findall(block):
            yield from _as_typed(re.sub(r"\\\n *", "", line).strip())
    for line in _INLINE.findall(_BLOCK.sub("", text)):
        yield from _as_typed(" ".join(line.split()))


def _as_typed(line: str) -> Iterator[str]:
    typed = re.sub(r"\s+#\s.*$", "", line.removeprefix("$ "))
    if _COMMAND.fullmatch(typed) and not _DEFINITION.match(typed):
        yield typed
