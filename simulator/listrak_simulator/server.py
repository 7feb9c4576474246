"""Runs the simulator on a port of this machine and tells when it is ready."""

import asyncio
import gc
import socket
from pathlib import Path
from tempfile import NamedTemporaryFile

import uvicorn
from starlette.applications import Starlette

from listrak_simulator.connections import TrackedProtocol

HOST = "127.0.0.1"
_WAITING_CONNECTIONS = 512
_SECONDS_FOR_OPEN_REQUESTS = 1


def serve(app: Starlette, port: int, ready_file: Path | None) -> None:
    """Serve until a signal ends it. ``port`` 0 takes a free one; the URL is printed and written to ``ready_file``."""
    # asyncio sends small answers at once only on sockets that name the protocol; others wait 40 ms for the peer.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(_WAITING_CONNECTIONS)
        url = f"http://{HOST}:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            app,
            http=TrackedProtocol,
            ws="none",
            log_level="warning",
            access_log=False,
            date_header=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=_SECONDS_FOR_OPEN_REQUESTS,
        )
        # Reading a file makes and drops rows by the thousand; looking for cycles among them would cost a tenth of it.
        gc.set_threshold(200_000, 20, 100)
        asyncio.run(_serve(uvicorn.Server(config), listener, url, ready_file))


async def _serve(server: uvicorn.Server, listener: socket.socket, url: str, ready_file: Path | None) -> None:
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started and not serving.done():
        await asyncio.sleep(0.01)
    if server.started:
        if ready_file is not None:
            write_whole(ready_file, f"{url}\n")
        print(f"Listrak simulator: {url}", flush=True)
    await serving


def write_whole(path: Path, text: str) -> None:
    """A reader sees the whole file or none."""
    with NamedTemporaryFile("w", dir=path.parent, prefix=path.name, delete=False) as draft:
        draft.write(text)
    Path(draft.name).replace(path)
