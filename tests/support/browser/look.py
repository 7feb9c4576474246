"""Looks at pages in Chromium and says what it found: a JSON document in, one out. Run by the environment of the
browser's driver, which has nothing of ours."""

from __future__ import annotations

import json
import sys
from typing import Any

from playwright.sync_api import Browser, Request, sync_playwright

# Chromium's own calls home are refused on a closed network, many at a time.
_SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
_SWITCHES += ["--disable-component-update", "--disable-sync"]


def main() -> None:
    """In: a list of ``{url, width, scheme, media, picture}``. Out: of each what `_look` finds."""
    asked = json.load(sys.stdin)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_SWITCHES)
        json.dump([_look(browser, one) for one in asked], sys.stdout)
        browser.close()


def _look(browser: Browser, asked: dict[str, Any]) -> dict[str, Any]:
    """``requests``: addresses that the page asked for, its own left out. ``complaints``: what the browser had to say.
    ``overflow``: pixels that the page is wider than its window. ``wide``: what of it stands out. ``height`` in pixels.
    ``faint``: texts with a contrast below 4.5."""
    width = asked["width"]
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=asked["scheme"])
    requests: list[str] = []
    complaints: list[str] = []

    def note(request: Request) -> None:
        if request.url != asked["url"]:
            requests.append(request.url)

    page.on("request", note)
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.emulate_media(media=asked["media"], color_scheme=asked["scheme"])
    page.goto(asked["url"])
    page.screenshot(path=asked["picture"], full_page=True)
    found = {
        "title": page.title(),
        "requests": requests,
        "complaints": complaints,
        "overflow": page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"),
        "wide": page.evaluate(_WIDE),
        "height": page.evaluate("document.documentElement.scrollHeight"),
        "faint": page.evaluate(_FAINT),
    }
    page.close()
    return found


_WIDE = """() => [...document.querySelectorAll("main *")]
  .filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((each) => `${each.tagName} ${each.className}`).slice(0, 5)"""

_FAINT = """() => {
  const parts = (text) => (text.match(/[0-9.]+/g) || []).map(Number);
  const light = (c) => {
    const [r, g, b] = c.map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const c = parts(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const text = [...element.childNodes].filter((n) => n.nodeType === 3).map((n) => n.textContent.trim()).join("");
    if (!text || !element.getClientRects().length || element.closest("svg")) continue;
    const [a, b] = [light(parts(getComputedStyle(element).color).slice(0, 3)), light(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) found.push(`${text.slice(0, 40)}: ${contrast.toFixed(2)}`);
  }
  return found;
}"""


if __name__ == "__main__":
    main()
