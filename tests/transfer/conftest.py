"""OpenSSH's server for all tests of this folder."""

from collections.abc import Iterator

import pytest

from listrak_relay.domain.feeds.sftp_account import SftpAccount
from tests.support.sftp.openssh import OpenSsh, running_sshd
from tests.support.sftp.transfers import account


@pytest.fixture(scope="session")
def _sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenSsh]:
    work = tmp_path_factory.mktemp("openssh")
    folder = work / "files"
    folder.mkdir()
    with running_sshd(work, folder) as sshd:
        yield sshd


@pytest.fixture
def sshd(_sshd: OpenSsh) -> OpenSsh:
    """Its folder is empty."""
    for path in _sshd.folder.iterdir():
        path.unlink()
    return _sshd


@pytest.fixture
def sftp_account(sshd: OpenSsh) -> SftpAccount:
    return account_on(sshd)


@pytest.fixture
def sftp_port(sshd: OpenSsh) -> int:
    return sshd.port


def account_on(sshd: OpenSsh, **values: object) -> SftpAccount:
    secret: dict[str, object] = {
        "username": sshd.user,
        "password": None,
        "private_key": sshd.user_key.read_text(encoding="utf-8"),
        "host_key": sshd.host_keys["ed25519"].read_text(encoding="utf-8"),
    }
    return account(**({"port": sshd.port} | secret | values))  # type: ignore[arg-type]  # the port is a number
