"""OpenSSH's server for all tests of this folder."""

from collections.abc import Iterator

import pytest

from listrak_relay.domain.feeds.sftp_account import SftpAccount
from tests.support.sftp.openssh import OpenSsh, account_on, running_sshd


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
