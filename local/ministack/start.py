"""MiniStack's process, from the outside."""

from __future__ import annotations

import datetime
import ipaddress
import os
import subprocess
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from local.aws import ACCOUNT, REGION, Aws
from local.errors import LocalStackError
from local.paths import ROOT
from local.permissions.decisions import Decisions
from local.processes import Processes, wait_until_ready

PYTHON = ROOT / ".venv-ministack" / "bin" / "python"


def start_ministack(processes: Processes, directory: Path) -> tuple[subprocess.Popen[bytes], Aws, Decisions]:
    """Its process, its clients, and the decisions of its IAM.

    Raises LocalStackError: its environment is not there, or it does not start.
    """
    if not PYTHON.exists():
        raise LocalStackError(f"{PYTHON} is not there; `make aws-check` makes it")
    ready_file, log_file = directory / "ministack.ready", directory / "logs" / "ministack.log"
    decisions = directory / "decisions.jsonl"
    for left in (ready_file, decisions):
        left.unlink(missing_ok=True)
    certificate, key = self_signed(directory)
    command = [
        str(PYTHON),
        "-m",
        "local.ministack.launcher",
        "--ready-file",
        str(ready_file),
        "--decisions",
        str(decisions),
    ]
    command += ["--certificate", str(certificate), "--key", str(key), "--python", sys.executable]
    with log_file.open("ab") as log:
        server = processes.start(command, env=_environment(directory), cwd=ROOT, log=log)
    endpoint = wait_until_ready(server, ready_file, log_file, "MiniStack")
    return server, Aws(endpoint, certificate), Decisions(decisions)


def _environment(directory: Path) -> dict[str, str]:
    """Nothing of the person's own AWS configuration: functions inherit it."""
    return {
        **{name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ},
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        # The account's own caller, who may do anything: the one of `Aws`.
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "IOT_MTLS_ENABLED": "0",  # listens on all addresses
        "SFTP_ENABLED": "0",
        "NO_PROXY": "*",
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(directory / "tmp"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def self_signed(directory: Path) -> tuple[Path, Path]:
    """Certificate and key for 127.0.0.1, good for a day: the policies of the buckets refuse plain HTTP."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = directory / "ministack.crt", directory / "ministack.key"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.touch(mode=0o600)
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_file, key_file
