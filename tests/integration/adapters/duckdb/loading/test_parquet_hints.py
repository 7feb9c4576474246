"""Parquet files of which the writer says more than the schema: lengths of time, and moments of UTC."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.adapters.formats.parquet_hints import duration_columns, instant_columns
from listrak_relay.domain.run.manifest import FieldType
from tests.support.files.audience_files import EMAIL, read, read_file

ARROW = (
    "/////1gBAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAMAAAACAAIAAAABAAIAAAABAAAAAYAAAD8AAAAvAAAAJQAAABoAAAAPAAAAAQAAAAs////"
    "AAABAhAAAAAcAAAABAAAAAAAAAABAAAAbgAAAAgADAAIAAcACAAAAAAAAAFAAAAAYP///wAAARIQAAAAFAAAAAQAAAAAAAAAAgAAAG5zAACO////"
    "AAADAIj///8AAAESEAAAABQAAAAEAAAAAAAAAAIAAAB1cwAAtv///wAAAgCw////AAABEhAAAAAUAAAABAAAAAAAAAACAAAAbXMAAJz////U////"
    "AAABEhAAAAAYAAAABAAAAAAAAAABAAAAcwAGAAgABgAGAAAAAAAAABAAFAAIAAYABwAMAAAAEAAQAAAAAAABBRAAAAAcAAAABAAAAAAAAAAFAAAA"
    "ZW1haWwAAAAEAAQABAAAAA=="
)
"""As pyarrow 26 writes it: email as text; s, ms, us, ns as durations in these units; n as a whole number."""

SPARK = json.dumps(
    {
        "type": "struct",
        "fields": [
            {"name": "email", "type": "string", "nullable": True, "metadata": {}},
            {"name": "us", "type": "interval day to second", "nullable": True, "metadata": {}},
            {"name": "inner", "type": {"type": "struct", "fields": []}, "nullable": True, "metadata": {}},
        ],
    }
)


BY_SPARK = (
    "c-oaz&1=*^6n~vfmmpjGpfe<p!xGrg!WuSiYd=_)dQ<6P=}Bm%%x<O{nvd-!Tdk!BFFi;F^-%l=^rnK~q0nOw)tll~diGlIDEN}5"
    "o9zdcW&-=0_j~X6X5M?*#+^Bf0@ZQ-di&`^PNM|3GL->_0D#Ykr`&71!fXW|m8gR2>+_v2g&O)v=rFUwxAFk5UzPylBwT+E{~k)Q"
    "jC3ReIV7&(`gri--PJyQ7+H9=b1x4mefa&`-jzOj=J$M_qL+G|sLIfZgPh(|qO#OcK3466{d7+?gDI^snKl?CXnTO(O5y$ht*3C4"
    "96=0NxLXL@ytBL*wjK+Q<9TVJ1j-;{$1TCE7Q5xqLU@E_iK({B9lta@yLCe=L;NIWDGGvRU_{l_Swq%nK`nu-ra}}6)?f`ouARE^"
    "sV#$%3wb;}jq6MR*c*usvpquRz}OzpXkINzm=MpIWNWiFnvDmVQt0pP$sMM<fCaUj3<5cth&bnai83(uF`bm&FR4b7vCitq)UtME"
    "2=km{?Z3<}3bXATt%I>idg@70d*Yj<mNh#=vG`eQzxa<>{AVoAb_pYfj6cKi^%N!OJTiHkWAn{q4$M{237x=K2CL?{Sp{YEj7PZQ"
    "ng~|9A~HL{6VnqBw|T^s&tzSX*4jd!*2AdNZAE%nUvh+Nhx+vVy6$r?rjmg`Ci8UsN4WR9uFIP)+LpK*in4yJt52_QY?OQPJj#M2"
    "#}i?M({YLTq+#bsEc(&2OUT5X$y6La5}j4<7Hz&(jDlh)T7hr>SMK2kDEHG^-t;=fwD?8Kw5q069BFnP*Dl)4F>A7FRi^Cm=0tT&"
    "w8p2Z6?<}`(z3a*Zd+okGHKgQKB~r_Ywv}F96$sA7XJaop*g("
)
"""As Spark 3.5 writes it by default: ``at`` a TIMESTAMP of 2026-02-01 02:00 UTC, as INT96; ``plain`` a TIMESTAMP_NTZ of
the same hour; ``took`` an INTERVAL DAY TO SECOND. Compressed by zlib."""


BY_FASTPARQUET = (
    "c-nnaL2KJE7?m?G1lGYWGBM;}1Su^fA<0HyTMpfA$Fggeri%Tw)hbJ_ERTec%Z~j^`!o9=J8YjEw{_Z3Va)s9_x!yl37>xXHll=H"
    "(2E}R5j1IwkOm>d_uk^0pTLr*nS?>CQ%5Z71gRE&H>J~O15V!j{e0y5-{tW?To3X_IQ`np<7-Gc^$9)bHrlTd3)#h{kCkt=zUjUr"
    "fgg6l-eIdl4?;@9N=1<metGzWBxp@1goGXHLO9#QJFi3iQe93d#pl5}O7FZU+Tf2D_(-&y8CMC<+rRxai?u9LH5V#@CFJZ=bhc)f"
    "0%S5*JO!*(A!RRODOjFx%O9EDzADmeHMgtGaV)onA-VN=U{kS#q%V|(D==&`L&es9pD!yn&t9^Al<d0e#Se(>o&bdsu}*+(deKui"
    "cX%(G-79vztVkgNY5C;CS&`57nAQ~4o(*uT4ffVdiiP23<#d-kw;4CL1(eZ$g2{zet}`BvCxefJq07z6o0{*O+YNF~XSlio_UvkM"
    "%Z<fySYpT!j!LK<9G97@%r(>ZgVA8L-Hx%sB3n0|ZAiOcOWe;^_FAi`8W7z_j*b?EkV!N=CaqV5oZ|oYAM{%GkN"
)
"""As fastparquet 2026.9 writes it: ``took`` a timedelta64[us], as TIME_MICROS. Compressed by zlib."""


def values(metadata: str, **columns: int | None) -> list[str]:
    """What becomes of one row with these whole numbers."""
    shown = ", ".join(f"{'NULL' if value is None else value}::BIGINT AS {name}" for name, value in columns.items())
    with TemporaryDirectory() as folder, duckdb.connect() as session:
        path = Path(folder) / "x"
        session.execute(
            f"COPY (SELECT 'a@example.com' AS email, {shown}) TO '{path}' (FORMAT parquet, KV_METADATA {{{metadata}}})"
        )
        return next(iter(read(path.read_bytes()).values.values()))[1:]


def test_durations_of_arrow_become_hours_minutes_and_seconds_in_every_unit() -> None:
    assert duration_columns({"ARROW:schema": ARROW.encode()}) == {
        "s": 1,
        "ms": 1_000,
        "us": 1_000_000,
        "ns": 1_000_000_000,
    }
    found = values(f"\"ARROW:schema\": '{ARROW}'", s=90301, ms=61500, us=-300_000_000, ns=1, n=7)
    assert found == ["25:05:01", "00:01:01.5", "-00:05:00", "00:00:00.000000001", "7"]


def test_intervals_of_spark_become_hours_minutes_and_seconds() -> None:
    assert values(f"\"org.apache.spark.sql.parquet.row.metadata\": '{SPARK}'", us=90_301_000_000) == ["25:05:01"]


def test_no_length_of_time_is_no_value_and_the_longest_one_is_read() -> None:
    longest = 2**63 - 1
    assert values(f"\"ARROW:schema\": '{ARROW}'", us=None, s=longest) == ["", f"{longest // 3600}:30:07"]


def test_whole_numbers_of_which_nothing_is_said_stay_numbers() -> None:
    assert values("a: 'b'", us=90_301_000_000) == ["90301000000"]


@pytest.mark.parametrize("schema", [b"", b"!", b"////", base64.b64encode(b"\xff" * 40), b"/////wQAAAAAAAAA"])
def test_a_schema_that_cannot_be_read_tells_nothing(schema: bytes) -> None:
    assert duration_columns({"ARROW:schema": schema}) == {}
    assert duration_columns({"org.apache.spark.sql.parquet.row.metadata": schema}) == {}


@given(st.data())
def test_a_schema_with_bytes_changed_harms_nothing(data: st.DataObject) -> None:
    schema = bytearray(base64.b64decode(ARROW))
    for _ in range(data.draw(st.integers(1, 8))):
        schema[data.draw(st.integers(0, len(schema) - 1))] = data.draw(st.integers(0, 255))
    found = duration_columns({"ARROW:schema": base64.b64encode(schema)})
    assert set(found.values()) <= {1, 1_000, 1_000_000, 1_000_000_000}


def test_moments_of_spark_are_of_utc_and_those_without_a_zone_are_not() -> None:
    body = zlib.decompress(base64.b85decode(BY_SPARK))
    with TemporaryDirectory() as folder:
        found = read_file(Path(folder), body, replace(EMAIL, time_zone="America/New_York"))

    [[_, *fields]] = found.values.values()
    types = {column.name: column.data_type for column in found.result.columns}
    assert types == {"at": FieldType.DATE, "plain": FieldType.DATE, "took": FieldType.TEXT}
    assert fields == ["2026-02-01 02:00:00+00", "2026-02-01 02:00:00", "25:05:01"]


def test_a_schema_of_spark_that_cannot_be_read_tells_of_no_moments() -> None:
    assert instant_columns({"org.apache.spark.sql.parquet.row.metadata": b"{"}) == set()
    assert instant_columns({}) == set()


def test_lengths_that_are_no_times_of_a_day_are_read_where_they_are_stored_as_such() -> None:
    found = read(zlib.decompress(base64.b85decode(BY_FASTPARQUET)))

    assert list(found.values.values()) == [["a@example.com", "48:00:05"], ["b@example.com", "-01:00:00"]]
