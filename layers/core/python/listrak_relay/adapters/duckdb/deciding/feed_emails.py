"""Which texts in the email columns of a feed are no addresses."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb

from listrak_relay.adapters.duckdb.sql.expressions import filled, quickly_trimmed
from listrak_relay.adapters.duckdb.sql.rules import usual_email
from listrak_relay.adapters.duckdb.sql.session import FETCH_ROWS
from listrak_relay.domain.values import email_address
from listrak_relay.domain.values.email_address import UnusualCheck


def find_no_emails(session: duckdb.DuckDBPyConnection, columns: Iterable[str], unusual: UnusualCheck) -> None:
    """Make table ``no_email`` of the texts in these columns of table ``source`` that are no addresses; each is looked
    at once. Of one in ``mailto:`` or ``Name <…>`` the address alone is left."""
    session.execute("CREATE TABLE no_email (value VARCHAR)")
    session.execute("CREATE TABLE inside (text VARCHAR, address VARCHAR)")
    for raw in columns:
        value = quickly_trimmed(raw)
        odd = session.execute(
            f"SELECT DISTINCT {value} FROM source "
            f"WHERE CASE WHEN NOT {filled(raw)} THEN false WHEN {usual_email(raw)} THEN false "
            f"ELSE NOT {usual_email(value)} END"
        )
        # It may be every row of a large file, so that answers go back batch by batch, past the query under way.
        with session.cursor() as answers:
            while batch := odd.fetchmany(FETCH_ROWS):
                _keep_answers(answers, [text for (text,) in batch], unusual)
        session.execute(f"UPDATE source SET {raw} = address FROM inside WHERE {value} = inside.text")
        session.execute("DELETE FROM inside")
    session.execute("DROP TABLE inside")


def _keep_answers(session: duckdb.DuckDBPyConnection, texts: Sequence[str], unusual: UnusualCheck) -> None:
    wrong: list[str] = []
    inside: dict[str, str] = {}
    for text in texts:
        if email_address.fits(text, unusual):
            continue
        address = email_address.bare(text)
        if address != text and email_address.fits(address, unusual):
            inside[text] = address
        else:
            wrong.append(text)
    if wrong:
        session.execute("INSERT INTO no_email SELECT unnest($1::VARCHAR[])", [wrong])
    if inside:
        pairs = [list(inside), list(inside.values())]
        session.execute("INSERT INTO inside SELECT unnest($1::VARCHAR[]), unnest($2::VARCHAR[])", pairs)
