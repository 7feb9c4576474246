"""Chromium, which looks at pages for the tests."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.paths import ROOT

PICTURES = ROOT / ".build/pictures"
_DRIVER = ROOT / ".venv-browser/bin/python"
_LOOK = Path(__file__).with_name("look.py")
_LONGEST_SECONDS = 200.0

PHONE, DESK = 390, 1_280
"""Widths of a window in pixels."""


@dataclass(frozen=True, slots=True)
class Sight:
    """``name``: of the picture. ``scheme``: light or dark. ``media``: screen or print."""

    name: str
    url: str
    width: int
    scheme: str = "light"
    media: str = "screen"


def sights(name: str, url: str) -> list[Sight]:
    """A page as people look at it: on a phone and at a desk, in daylight and at night, and on paper."""
    seen = [
        Sight(f"{name}-{width}-{scheme}", url, width, scheme) for width in (PHONE, DESK) for scheme in ("light", "dark")
    ]
    return [*seen, Sight(f"{name}-print", url, 800, media="print")]


def look(seen: Iterable[Sight]) -> dict[str, dict[str, Any]]:
    """Name → what `look.py` found."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    wanted = list(seen)
    asked = [
        {
            "url": one.url,
            "width": one.width,
            "scheme": one.scheme,
            "media": one.media,
            "picture": str(PICTURES / f"{one.name}.png"),
        }
        for one in wanted
    ]
    answer = subprocess.run(
        [_DRIVER, _LOOK], input=json.dumps(asked), capture_output=True, text=True, check=False, timeout=_LONGEST_SECONDS
    )
    assert answer.returncode == 0, answer.stderr
    return dict(zip((one.name for one in wanted), json.loads(answer.stdout), strict=True))
