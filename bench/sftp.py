"""Sending one file to OpenSSH's server on this machine, against OpenSSH's client: ``python -m bench sftp``.

``SFTP_MEGABYTES`` (1,024 when not set) is the size of the file and ``SFTP_ROUNDS`` (3) how often each client sends it,
in turns, because other work on the machine slows down whoever runs meanwhile. The fastest round of each counts.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import BinaryIO

import paramiko
from rich.console import Console
from rich.table import Table

from listrak_relay.adapters.sftp.gateway import ParamikoSftp
from listrak_relay.ports.sftp import Upload
from tests.support.paths import ROOT
from tests.support.sftp.openssh import OpenSsh, running_sshd, sshd_path
from tests.support.sftp.transfers import Note, account

LEAST_PERCENT, MOST_MEGABYTES = 90, 150
"""The bar: of OpenSSH's speed, and resident in all."""

_MEBIBYTE = 1 << 20
_RELAY = "this relay"
_INSTALL = ROOT / "tools/install_sshd"
_IN_MEMORY = Path("/dev/shm")  # no disk, so that only the clients differ


@dataclass(frozen=True, slots=True)
class Round:
    """``peak``: resident bytes, None where they were not measured."""

    seconds: float
    peak: int | None = None


def run() -> int:
    # Nothing is measured against a server that is not there: it is installed, or the measurement fails.
    subprocess.run([_INSTALL], check=True)
    if not sshd_path():
        Console().print(f"OpenSSH's server is not installed, though {_INSTALL.name} said so")
        return 1
    size = int(os.environ.get("SFTP_MEGABYTES", "1024")) * _MEBIBYTE
    rounds = int(os.environ.get("SFTP_ROUNDS", "3"))
    with tempfile.TemporaryDirectory(dir=_place(2 * size)) as name:
        work = Path(name)
        folder, source = work / "files", work / "source"
        folder.mkdir()
        _fill(source, size)
        with running_sshd(work, folder) as sshd:
            clients: dict[str, Callable[[OpenSsh, Path], Round]] = {
                "OpenSSH sftp put": _openssh,
                _RELAY: lambda sshd, source: _in_child(_relay, sshd, source),
                "paramiko as it comes": lambda sshd, source: _in_child(_plain_paramiko, sshd, source),
            }
            results: dict[str, list[Round]] = {client: [] for client in clients}
            for _ in range(rounds):
                for client, send in clients.items():
                    results[client].append(send(sshd, source))
                    sent = next(folder.iterdir())
                    assert sent.stat().st_size == size
                    sent.unlink()
    return _show(results, size, rounds)


def _show(results: dict[str, list[Round]], size: int, rounds: int) -> int:
    """1: the bar does not hold."""
    best = {client: min(each.seconds for each in of) for client, of in results.items()}
    reference = next(iter(best.values()))
    table = Table(title=f"SFTP, {size // _MEBIBYTE} MiB over loopback, best of {rounds}")
    for heading in ("client", "seconds", "MiB/s", "of OpenSSH", "peak memory"):
        table.add_column(heading, justify="left" if heading == "client" else "right")
    for client, seconds in best.items():
        peaks = [each.peak for each in results[client] if each.peak]
        peak = f"{max(peaks) / 1e6:.0f} MB" if peaks else "-"
        share = reference / seconds
        table.add_row(client, f"{seconds:.2f}", f"{size / _MEBIBYTE / seconds:.0f}", f"{share:.0%}", peak)
    console = Console()
    console.print(table)
    share, most = reference / best[_RELAY], max(each.peak or 0 for each in results[_RELAY])
    held = share * 100 >= LEAST_PERCENT and most < MOST_MEGABYTES * 1e6
    bar = f"at least {LEAST_PERCENT} % of OpenSSH, under {MOST_MEGABYTES} MB"
    console.print(f"{'held' if held else 'NOT HELD'}: {bar}: {share:.0%}, {most / 1e6:.0f} MB")
    return int(not held)


def _openssh(sshd: OpenSsh, source: Path) -> Round:
    batch = source.with_name("batch")
    batch.write_text(f"put {source} {sshd.folder}/by_openssh\n", encoding="utf-8")
    options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"]
    command = ["sftp", "-q", "-P", str(sshd.port), "-i", str(sshd.user_key), *(f"-o{option}" for option in options)]
    begun = time.perf_counter()
    subprocess.run([*command, "-b", batch, f"{sshd.user}@127.0.0.1"], stdout=subprocess.DEVNULL, check=True)
    return Round(time.perf_counter() - begun)


def _in_child(send: Callable[[OpenSsh, Path], None], sshd: OpenSsh, source: Path) -> Round:
    """In a process of its own, so that its memory is its own. What starting Python takes is not counted as time."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(send, sshd, source, there))
    child.start()
    there.close()
    result: Round = here.recv()
    child.join()
    return result


def _child(send: Callable[[OpenSsh, Path], None], sshd: OpenSsh, source: Path, result: Connection) -> None:
    begun = time.perf_counter()
    send(sshd, source)
    seconds = time.perf_counter() - begun
    result.send(Round(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024))


def _relay(sshd: OpenSsh, source: Path) -> None:
    def body(offset: int) -> BinaryIO:
        stream = source.open("rb")
        stream.seek(offset)
        return stream

    on = account(
        sshd.port,
        username=sshd.user,
        password=None,
        private_key=sshd.user_key.read_text(encoding="utf-8"),
        host_key=sshd.host_keys["ed25519"].read_text(encoding="utf-8"),
    )
    ParamikoSftp(on).deliver(Upload("by_relay", source.stat().st_size, "bench", body), Note())


def _plain_paramiko(sshd: OpenSsh, source: Path) -> None:
    key = paramiko.Ed25519Key.from_private_key_file(str(sshd.user_key))
    with paramiko.Transport(("127.0.0.1", sshd.port)) as transport:
        transport.connect(username=sshd.user, pkey=key)
        client = paramiko.SFTPClient.from_transport(transport)
        assert client
        client.put(str(source), "by_paramiko")


def _place(size: int) -> Path | None:
    """None: the usual folder for temporary files."""
    return _IN_MEMORY if _IN_MEMORY.is_dir() and shutil.disk_usage(_IN_MEMORY).free > size * 2 else None


def _fill(path: Path, size: int) -> None:
    with path.open("wb") as file:
        for _ in range(0, size, _MEBIBYTE):
            file.write(os.urandom(_MEBIBYTE))
