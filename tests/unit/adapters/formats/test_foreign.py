"""Files of other programs are told by how they begin, and texts that begin alike are not taken for them."""

from __future__ import annotations

import pickle
import struct

import pytest

from listrak_relay.adapters.formats.foreign import foreign_kind

DBASE = struct.pack("<BBBBIHH20x", 3, 126, 1, 31, 5, 65, 21) + b"EMAIL".ljust(11, b"\0") + b"C".ljust(21, b"\0") + b"\r"
PROTOBUF = b"".join(b"\x1a\x0a\x0dp%d@example.com\x12\x03Ana\x18%c" % (n, n) for n in range(2, 9))
EMAIL = b"From: Ana <a@example.com>\r\nTo: b@example.com\r\nSubject: List\r\n\r\nemail,name\r\n"


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b'TABLE\r\n0,1\r\n"EXCEL"\r\n', "a DIF file"),
        (b"ID;PWXL;N;E\r\nP;PGeneral\r\n", "a SYLK file"),
        (b"socialcalc:version:1.0\n", "a sheet of SocialCalc"),
        (b"version:1.5\ncell:A1:t:email\n", "a sheet of SocialCalc"),
        (b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n", "a PGP key"),
        (b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n", "text that was signed by PGP"),
        (b"age-encryption.org/v1\n-> X25519 abc\n", "a file encrypted by age"),
        (b"\0\1\0\0Standard ACE DB\0", "an Access database"),
        (DBASE, "a dBase file"),
        (b"RDX3\nX\n\0\0\0\3", "data of R"),
        (b"$FL2@(#) IBM SPSS STATISTICS", "an SPSS file"),
        (b"<stata_dta><header><release>118</release>", "a Stata data set"),
        (b"FEA1\0\0\0\0", "an Arrow or Feather file"),
        (b"\x81\xa5email\xada@example.com", "MessagePack"),
        (PROTOBUF, "binary data, no text, such as Protobuf"),
        (pickle.dumps([{"email": "a@example.com"}]), "a pickle of Python"),
        (pickle.dumps([{"email": "a@example.com"}], 0), "a pickle of Python"),
        (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
        (b"\x93NUMPY\x01\0", "an array of NumPy"),
        (EMAIL, "an email"),
        (b"From a@example.com Mon Jan  1 10:00:00 2026\nFrom: Ana\n", "a mailbox"),
        (b"dn: cn=Ana,dc=example,dc=com\nmail: a@example.com\n", "LDIF of a directory"),
        (b"-- Dump\nDROP TABLE IF EXISTS t;\n", "SQL"),
    ],
)
def test_a_file_of_another_program_is_named(start: bytes, kind: str) -> None:
    assert (foreign_kind(start, start) or "").partition("; ")[0] == kind


@pytest.mark.parametrize(
    "text",
    [
        "email,name\na@example.com,Ana\n",
        "ID;Phone;Email\nP1;+1 212 555 0100;a@example.com\n",
        "From,To,Subject,Email\nx,y,z,a@example.com\n",
        "from:to:subject:email\nx:y:z:a@example.com\n",
        "version:email\n1.5:a@example.com\n",
        "TABLE,email\n0,a@example.com\n",
        "email\x01name\x01city\na@example.com\x01Ana\x01Rome\n",
        "A\n3\n",
        '[{"email": "a@example.com"}]',
        "# people\nemail,dn\na@example.com,cn=x\n",
    ],
)
def test_texts_that_begin_alike_are_read(text: str) -> None:
    assert foreign_kind(text.encode(), text.encode()) is None
