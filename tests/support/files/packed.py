"""Files as they come packed and encrypted."""

from __future__ import annotations

import io
import tarfile
import zipfile

import pysequoia

ONE = b"email,n\na@example.com,1\nb@example.com,2\n"
KEY = pysequoia.Tsk.generate("relay <relay@example.com>")


def zipped(*members: tuple[str, bytes], **options: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members:
            with archive.open(name, "w", force_zip64=bool(options.get("zip64"))) as stream:
                stream.write(body)
    return packed.getvalue()


def tarred(*members: tuple[str, bytes], mode: str = "w") -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:  # type: ignore[call-overload]
        for name, body in members:
            member = tarfile.TarInfo(name)
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body))
    return packed.getvalue()


def encrypted(body: bytes, *, armor: bool = True) -> bytes:
    """For `KEY`."""
    return bytes(pysequoia.encrypt(recipients=[KEY.extract_certificate()], bytes=body, armor=armor))
