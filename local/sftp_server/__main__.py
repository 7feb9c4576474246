"""``python -m local.sftp_server``."""

from __future__ import annotations

import argparse
import threading
from pathlib import Path

import asyncssh

from local.sftp_server.server import SftpServer
from local.sftp_server.state import Users


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.sftp_server", description="A stand-in for Listrak's SFTP.")
    parser.add_argument("folder", type=Path, help="what is sent lands here")
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--user", default="relay")
    parser.add_argument("--password", default="made-up")
    parser.add_argument("--host-key", type=Path, help="private host key; made if the file does not exist")
    parser.add_argument("--ready-file", type=Path, metavar="PATH", help="gets port and public host key, one per line")
    options = parser.parse_args()

    options.folder.mkdir(parents=True, exist_ok=True)
    server = SftpServer(options.folder, Users({options.user: options.password}), [_host_key(options.host_key)])
    server.start(options.port)
    text = "\n".join([str(server.port), *server.host_key_lines])
    print(f"SFTP on 127.0.0.1:{server.port}, host key {server.host_key_lines[0]}")
    if options.ready_file:
        unfinished = options.ready_file.with_suffix(".tmp")
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(options.ready_file)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        server.stop()


def _host_key(path: Path | None) -> asyncssh.SSHKey:
    if path and path.exists():
        return asyncssh.read_private_key(path)
    key = asyncssh.generate_private_key("ssh-ed25519")
    if path:
        key.write_private_key(path)
    return key


if __name__ == "__main__":
    main()
