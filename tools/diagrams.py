"""Draws the diagrams of the documentation as pictures, so that the site needs nothing from elsewhere to show them.

GitHub draws them itself. A picture is named by what it was drawn from, so one that is out of date is not found.
Run by the environment of the browser's driver, with the folder that npm put mermaid in: `make diagrams`.
"""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
FOLDER = DOCS / "diagrams"
BLOCK = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def picture_name(source: str) -> str:
    """``source``: what stands between the fences."""
    return f"{hashlib.sha256(source.encode()).hexdigest()[:12]}.svg"


def sources() -> dict[str, str]:
    """Name of the picture → what it is drawn from, of every page."""
    pages = sorted(DOCS.rglob("*.md"))
    return {picture_name(found): found for page in pages for found in BLOCK.findall(page.read_text(encoding="utf-8"))}


def main(modules: str) -> None:
    """``modules``: npm's folder of that name. Writes the pictures that are missing and removes the others."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only where something is drawn

    wanted = sources()
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.svg"):
        if old.name not in wanted:
            old.unlink()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.add_script_tag(path=f"{modules}/mermaid/dist/mermaid.min.js")
        page.evaluate(
            """() => mermaid.initialize({
              startOnLoad: false, theme: "neutral", fontFamily: "sans-serif", htmlLabels: false,
              flowchart: {htmlLabels: false}, deterministicIds: true,
            })"""
        )
        for name, source in wanted.items():
            if not (FOLDER / name).exists():
                svg = page.evaluate("async (text) => (await mermaid.render('d', text)).svg", source)
                (FOLDER / name).write_text(f"{svg}\n", encoding="utf-8")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
