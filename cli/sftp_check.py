"""`make sftp-check`: look at the SFTP server of a destination. Writes nothing.

Uses the AWS credentials and region of whoever calls it; AWS_ENDPOINT_URL leads to a stack on this machine.
"""

from __future__ import annotations

import argparse
import logging
import sys
from datetime import UTC, datetime

from cli.aws.answers import SILENCES, said
from listrak_relay.errors import RelayError
from listrak_relay.ports.sftp import SftpCheck
from listrak_relay.wiring.sftp_check import check_server

SHOWN_ENTRIES = 50


def main() -> int:
    """0: the server was trusted and its folder listed."""
    parser = argparse.ArgumentParser(prog="sftp-check", description="Look at the SFTP server of a destination.")
    parser.add_argument("--destination", required=True, help="such as orders")
    parser.add_argument("--stack", default="listrak-relay", help="name of the deployed stack (listrak-relay)")
    options = parser.parse_args()
    # The library logs each try with its traceback; what came of them is said below, once.
    logging.getLogger("paramiko").setLevel(logging.CRITICAL + 1)
    try:
        found = check_server(options.stack, options.destination)
    except RelayError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except SILENCES as error:
        print(f"error: {said(error, options.stack)}", file=sys.stderr)
        return 1
    print("\n".join(lines(found)))
    return 0 if found.trusted else 1


def lines(found: SftpCheck) -> list[str]:
    said = [f"server   {found.address}"]
    said += [f"offers   {key.fingerprint} ({key.kind})" for key in found.offered]
    said += [f"pinned   {fingerprint}" for fingerprint in found.pinned] or ["pinned   none: the secret has no host_key"]
    if not found.trusted:
        return [
            *said,
            "The server's key is not pinned, so nothing was sent to it.",
            "If its owner confirms one of those that it offers, put that into host_key of the secret.",
        ]
    said += ["The key is pinned, and the account was let in.", f"cipher   {found.cipher}", f"folder   {found.folder}"]
    for entry in found.entries[:SHOWN_ENTRIES]:
        size = "folder" if entry.is_folder else "?" if entry.size is None else f"{entry.size:,}"
        said.append(f"  {size:>15}  {_when(entry.modified)}  {entry.name}")
    if len(found.entries) > SHOWN_ENTRIES:
        said.append(f"  and {len(found.entries) - SHOWN_ENTRIES:,} more")
    return said if found.entries else [*said, "  (empty)"]


def _when(modified: int | None) -> str:
    return datetime.fromtimestamp(modified, UTC).strftime("%Y-%m-%d %H:%M") if modified is not None else " " * 16


if __name__ == "__main__":
    sys.exit(main())
