"""For mkdocs: what a page links to outside `docs` is named instead, since the site does not hold it."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

_LINK = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<target>[^)\s#]+)(?P<fragment>#[^)\s]*)?\)")


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    return without_outside_links(markdown, page.file.src_uri)


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
