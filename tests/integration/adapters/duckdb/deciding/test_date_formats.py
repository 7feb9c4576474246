"""The date formats that a data template may have are those that DuckDB reads to the same day."""

from __future__ import annotations

from datetime import datetime
from random import Random

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.adapters.libraries.destinations_yaml import parse_destinations
from listrak_relay.domain.configuration.template_rules import DATE_DIRECTIVES

TEMPLATE = "version: 1\ndata_templates: {{retail: {{columns: {{A: {{type: date, date_format: '{}'}}}}}}}}\n"
CLOCKS = st.sampled_from([(), ("%H", "%M", "%S"), ("%H", "%M", "%S", "%f"), ("%I", "%M", "%p")])
EXTRAS = st.sets(st.sampled_from(["%a", "%A", "%j", "%%"]))


@given(
    day=st.tuples(st.sampled_from(["%y", "%Y"]), st.sampled_from(["%m", "%b", "%B"]), st.just("%d")),
    clock=CLOCKS,
    extras=EXTRAS,
    random=st.randoms(use_true_random=False),
    between=st.sampled_from([" ", ".", "/", " de "]),
    moment=st.datetimes(datetime(1969, 1, 1), datetime(2068, 12, 31)),  # noqa: DTZ001 - dates have no zone
)
def test_every_date_format_that_is_taken_reads_what_it_writes(
    plain_duckdb: duckdb.DuckDBPyConnection,
    day: tuple[str, ...],
    clock: tuple[str, ...],
    extras: set[str],
    random: Random,
    between: str,
    moment: datetime,
) -> None:
    parts = [*day, *clock, *sorted(extras)]
    random.shuffle(parts)
    date_format = between.join(parts)

    parse_destinations(TEMPLATE.format(date_format).encode(), "config/destinations.yaml")

    read = plain_duckdb.execute("SELECT strptime(?, ?)::DATE", [moment.strftime(date_format), date_format]).fetchone()
    assert read == (moment.date(),)


def test_every_date_directive_is_tried() -> None:
    assert set(DATE_DIRECTIVES) == set("yYmbBd" + "HMSfIp" + "aAj%")
