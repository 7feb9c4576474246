"""Numbers of a Parquet file that DuckDB would round or stumble over; and footers that are damaged."""

from __future__ import annotations

import base64
import zlib
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.adapters.formats.parquet_footer import FooterError, without_types
from listrak_relay.errors import FileRejectedError
from tests.support.files.audience_files import read


def packed(text: str) -> bytes:
    return zlib.decompress(base64.b85decode(text))


# Written by PyArrow: three rows, the column "big" as DECIMAL(60, 2); and one row with a list of such.
LARGE_DECIMALS = packed(
    "c-jka3^EjD5Umic&=F+=GT21fWEdD2n1Gm#kq<}~7&xR>B<2?6r0ON-=YmBHF+_}zMS!N1h?Za&$IQwA1&mqeCanD*`r1Ufa%$L%"
    "2@9-5{^J6_MOh?mOc^BDijy-^a}z~b7({tgnIu?&?93ch1|N{&qI{wzqD&IZNtx-YT%s&MpTvMjpo|!sq>QAF8iR}|kEALagCta+"
    "C{RLd9wQK`ad^rAUCAKI#9$*9BFQGH#=r*D2hza@(E&0QtbP_F5UDL=L}<_iDraH=S+j#lj7^OLNHJ(A6eJcEmZp~ICKnXwCKeUt"
    "mn)Q|78Pga=P4MO=^5x5O6maJ4084@APxYAJ^<LpUJU"
)
LISTED_DECIMALS = packed(
    "c-jka3^EjD5Y-da(-CC?GT21fWEdD2m_V437f2>Lq*f&67UZPrCFkb?75IqyV5)?W%nVS#n00Q#+W(=iO_VFAhP{}uz)D1vMKZ>e"
    "L4vI~IU_YUQIv&2lt-0Gf)&Wl%u!|V0U2b<B*C1NnGQ6Y&Bq4BXOUpZ$t*4rWnvKJ6EzWKl3-8GNzF~oD^cYVWf85=i2;#7g<?#S"
    "GLkxK3^JlTlB#SBl2Btsff8aNVj*fAo-#n^G62o75tEW+lT-t{7NnjJtlk1-E!ZlU1z@d3Vnu2(2(6lGObn84P!Ee8V-#aj;{Z|&"
    "8VUu8MTMoQCA!H41-gkvMfv3lWvNBQnfZANMrL{jdWMoZK<|Nk$jZpT5C9Bs0Bqbrfd"
)


# Written by PyArrow, with the least and the largest number of the column, which NaN is none of.
NO_NUMBER_AMONG_LARGE_ONES = packed(
    "c-jka3^EjD5ls_K^ATkeWe{Ru;ALQ7NOVZ8NX#wBN!3fv&jkr2p$jA<3y3m^iinEn01XfTVm28w1`S>m1rod{CJG7yO<)3IHby39"
    "6$YUF2BHQq`)ADrft~h~uKKc_|IpyV00uwm(JhhSfT@t+fawuq(7+;!VV$InDT4%CadJj#ZlWj)gD8(GlLRY}otdM`;3ET6D9QyC"
    "Va#I?W0RDT)KO!Q5#^CIWndGKgensS%7`^E0g+l4qZ$V>9+uPrdXqtvi2+Cm04W<WKS?%8H3l}Ibs!74pcXLZfepXM2t;aEnAAF$"
    "Nb@O%J(@6E#O^VRv8izYDFzLNg2bZ2($o^&<bnd-#G<17a)q+gqT<Z_JOv{&Jp(;MNgZG~fPzAgk%1uqm`DKfR(~u"
)


def test_no_number_beside_a_large_one_does_no_harm() -> None:
    found = read(NO_NUMBER_AMONG_LARGE_ONES)

    assert [fields[1] for fields in found.values.values()] == ["0.1", "10000000000000000000000", ""]


def test_decimals_of_more_digits_than_a_database_has_are_exact() -> None:
    found = read(LARGE_DECIMALS)

    assert found.values == {
        1: ["p0@example.com", "1234567890123456789012345678901234567890.12"],
        2: ["p1@example.com", ""],
        3: ["p2@example.com", "-0.05"],
    }


def test_such_decimals_inside_a_list_are_refused_by_name() -> None:
    with pytest.raises(FileRejectedError, match=r'more than 38 digits inside lists or structures, .*"big"'):
        read(LISTED_DECIMALS)


@given(st.data())
def test_a_footer_that_is_damaged_is_read_or_found_damaged(data: st.DataObject) -> None:
    damaged = bytearray(LARGE_DECIMALS)
    for place in data.draw(st.lists(st.integers(len(damaged) - 300, len(damaged) - 1), min_size=1, max_size=3)):
        damaged[place] = data.draw(st.integers(0, 255))
    with TemporaryDirectory() as folder:
        path, target = Path(folder, "a"), Path(folder, "b")
        path.write_bytes(damaged)
        with suppress(FooterError):
            without_types(path, ["big"], target)
