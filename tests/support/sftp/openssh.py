"""OpenSSH's server as one unprivileged user on a free port, with a configuration, keys and files of its own."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from listrak_relay.domain.feeds.sftp_account import SftpAccount
from tests.support.sftp.transfers import account
from tests.support.waiting import eventually

_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
_PRIVILEGE_FOLDER = Path("/run/sshd")  # of its child without rights, which it demands when root starts it


@dataclass(frozen=True, slots=True)
class OpenSsh:
    """``folder``: files land here. ``user_key``: path of the private key that signs in. ``host_keys``: kind → path of
    the public key. ``log``: what the server says."""

    port: int
    user: str
    folder: Path
    user_key: Path
    host_keys: dict[str, Path]
    log: Path


def sshd_path() -> str | None:
    """None where OpenSSH's server is not installed."""
    return shutil.which("sshd", path=_PATH)


@contextmanager
def running_sshd(work: Path, folder: Path, *options: str) -> Iterator[OpenSsh]:
    """``options``: further lines of its configuration."""
    sshd = sshd_path()
    assert sshd, "OpenSSH's server is not installed; tools/install_sshd installs it"
    if os.geteuid() == 0:
        _PRIVILEGE_FOLDER.mkdir(mode=0o755, exist_ok=True)
    keys = {kind: make_key(work / f"host_{kind}", kind) for kind in ("ed25519", "ecdsa", "rsa")}
    user_key = make_key(work / "user", "ed25519")
    shutil.copy(user_key.with_suffix(".pub"), work / "authorized_keys")
    port = _free_port()
    lines = [
        f"Port {port}",
        "ListenAddress 127.0.0.1",
        *(f"HostKey {path}" for path in keys.values()),
        f"AuthorizedKeysFile {work / 'authorized_keys'}",
        "StrictModes no",
        "UsePAM no",
        "PidFile none",
        "PasswordAuthentication yes",
        "KbdInteractiveAuthentication no",
        "PermitRootLogin yes",
        "MaxStartups 1000",
        f"Subsystem sftp internal-sftp -d {folder}",
        *options,
    ]
    configuration, log = work / "sshd_config", work / "sshd.log"
    configuration.write_text("\n".join([*lines, ""]), encoding="utf-8")
    with log.open("wb") as output:
        process = subprocess.Popen([sshd, "-D", "-e", "-f", configuration], stdout=output, stderr=output)
    try:
        eventually(lambda: b"Server listening" in log.read_bytes() or process.poll() is not None, what="sshd's start")
        assert process.poll() is None, log.read_text(encoding="utf-8")
        public = {kind: path.with_suffix(".pub") for kind, path in keys.items()}
        yield OpenSsh(port, getpass.getuser(), folder, user_key, public, log)
    finally:
        process.terminate()
        process.wait(timeout=30)


def account_on(sshd: OpenSsh, **values: object) -> SftpAccount:
    """Who signs in with its key and pins its host key; ``values`` go into the secret, see `account`."""
    secret: dict[str, object] = {
        "username": sshd.user,
        "password": None,
        "private_key": sshd.user_key.read_text(encoding="utf-8"),
        "host_key": sshd.host_keys["ed25519"].read_text(encoding="utf-8"),
    }
    return account(**({"port": sshd.port} | secret | values))  # type: ignore[arg-type]  # the port is a number


def make_key(path: Path, kind: str, passphrase: str = "") -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-f", path], check=True)
    return path


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
