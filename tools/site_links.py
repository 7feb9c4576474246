"""For mkdocs: what a page links to outside `docs` is named instead, since the site does not hold it, and a diagram is
shown as the picture that was drawn of it, so that nothing from elsewhere is needed to draw it."""

from __future__ import annotations

import re
import sys
from pathlib import Path, PurePosixPath
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # mkdocs loads this file by its path

from tools.diagrams import BLOCK, picture_name

_LINK = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<target>[^)\s#]+)(?P<fragment>#[^)\s]*)?\)")


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    return without_outside_links(with_pictures(markdown), page.file.src_uri)


def with_pictures(markdown: str) -> str:
    """Of pages at the top of `docs`. A picture leads to itself, since on a phone it is small."""
    return BLOCK.sub(lambda block: _PICTURE.format(f"diagrams/{picture_name(block[1])}"), markdown)


_PICTURE = "[![Diagram]({0}){{.diagram}}]({0})\n"


def without_outside_links(markdown: str, page: str) -> str:
    """``page``: path of the page, relative to `docs`."""
    depth = len(PurePosixPath(page).parts) - 1

    def named(link: re.Match[str]) -> str:
        ups = 0
        for part in PurePosixPath(link["target"]).parts:
            if part != "..":
                break
            ups += 1
        return link["text"] if ups > depth else link[0]

    return _LINK.sub(named, markdown)
