"""Folders beside the simulator that its pages show: what an SFTP server got, reports of whoever called.

The program is told of them when it starts and knows nothing of what is in them.
"""

import mimetypes
import re
from datetime import datetime, timezone
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from listrak_simulator.pages.routes import Pages, templates
from listrak_simulator.simulator import simulator_of

_INDEX = "index.html"
_SHOWN_BYTES = 100_000
_PAGE = "text/html"
_ALONE = {"Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"}
"""Pages of others run nothing and fetch nothing."""
_BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)
_AS_IT_IS = {"X-Content-Type-Options": "nosniff"}


async def show_folder(request: Request) -> Response:
    """A folder's own index where it has one, unless ``?files`` asks for the files."""
    name, root = _root(request)
    path = _inside(root, request.path_params.get("path", ""))
    if path.is_dir() or path == root:
        if "files" not in request.query_params and (path / _INDEX).is_file():
            return RedirectResponse(_url(name, root, path / _INDEX), 303)
        return _listing(request, name, root, path)
    if "raw" in request.query_params:
        return FileResponse(path, media_type="text/plain; charset=utf-8", headers=_AS_IT_IS)
    if mimetypes.guess_type(path.name)[0] == _PAGE:
        return HTMLResponse(_with_way_back(name, root, path), headers=_ALONE)
    return _text(request, name, root, path)


def _listing(request: Request, name: str, root: Path, path: Path) -> Response:
    found = sorted(path.iterdir(), key=lambda each: (each.is_file(), each.name)) if path.is_dir() else []
    page = Pages.of(request, len(found))
    entries = [_entry(name, root, each) for each in found[page.first : page.last]]
    context = {**_where(name, root, path), "entries": entries, "page": page}
    return templates.TemplateResponse(request, "folder.html", context)


def _entry(name: str, root: Path, path: Path) -> dict[str, Any]:
    facts = path.stat()
    changed = datetime.fromtimestamp(facts.st_mtime, timezone.utc)  # noqa: UP017
    folder = path.is_dir()
    return {
        "name": f"{path.name}/" if folder else path.name,
        "url": _url(name, root, path),
        "size": None if folder else facts.st_size,
        "changed": changed.strftime("%Y-%m-%d %H:%M:%S"),
    }


def _text(request: Request, name: str, root: Path, path: Path) -> Response:
    size = path.stat().st_size
    with path.open("rb") as file:
        text = file.read(_SHOWN_BYTES).decode("utf-8", "replace")
    context = {**_where(name, root, path), "text": text, "size": size, "cut": size > _SHOWN_BYTES}
    return templates.TemplateResponse(request, "file.html", context)


def _with_way_back(name: str, root: Path, path: Path) -> str:
    """The page as it is, below a line that leads to the simulator's first page and the folders above."""
    page = path.read_text("utf-8", "replace")
    above = [
        ("Lists", "/"),
        *((each["name"], each["url"].removesuffix("?files")) for each in _crumbs(name, root, path)),
    ]
    links = " / ".join(f'<a href="{escape(url)}" style="color:inherit">{escape(text)}</a>' for text, url in above)
    line = f'<nav style="font:14px/1.5 system-ui,sans-serif;padding:10px 16px 0">{links}</nav>'
    body = _BODY.search(page)
    place = body.end() if body else 0
    return f"{page[:place]}{line}{page[place:]}"


def _crumbs(name: str, root: Path, path: Path) -> list[dict[str, str]]:
    """The folders above, the outermost first."""
    above = [parent for parent in reversed(path.parents) if parent.is_relative_to(root)]
    return [{"name": name if each == root else each.name, "url": f"{_url(name, root, each)}?files"} for each in above]


def _where(name: str, root: Path, path: Path) -> dict[str, Any]:
    title = name if path == root else path.name
    return {"title": title, "crumbs": _crumbs(name, root, path), "url": _url(name, root, path)}


def _url(name: str, root: Path, path: Path) -> str:
    within = path.relative_to(root).as_posix()
    return f"/folders/{quote(name)}/{'' if path == root else quote(within)}"


def _root(request: Request) -> tuple[str, Path]:
    name = request.path_params["name"]
    folder = simulator_of(request).folders.get(name)
    if folder is None:
        raise HTTPException(404)
    return name, folder.resolve()


def _inside(root: Path, path: str) -> Path:
    """Raises HTTPException: there is no such thing, or it leads out of the folder, also by a link."""
    try:
        found = (root / path).resolve()
        known = found == root or found.exists()
    except (OSError, ValueError):
        known = False
    if not known or not found.is_relative_to(root):
        raise HTTPException(404)
    return found


routes: list[Any] = [Route("/folders/{name}/{path:path}", show_folder, methods=["GET"])]
