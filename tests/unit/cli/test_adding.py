"""Adding a destination to the text of a configuration."""

from __future__ import annotations

import pytest

from cli.adding import EMPTY, usual_settings, with_destination
from cli.errors import CommandError
from listrak_relay.domain.destinations.destinations import EmailDestination
from listrak_relay.wiring.operating import configuration

FILE = """version: 1
# ours
destinations:  # by name
    # the first
    shop: {channel: email, list: Shop}
data_templates:
    t: {columns: {Mail: email}}
"""


@pytest.mark.parametrize("text", [EMPTY, FILE, "version: 1\ndestinations:\n"])
def test_what_is_added_is_read_and_the_rest_stays(text: str) -> None:
    made = with_destination(text, "vip", {"channel": "email", "list": "VIP: the best"})

    found = configuration(made.encode(), "it")
    vip = found.find("vip")
    assert isinstance(vip, EmailDestination)
    assert vip.list_name == "VIP: the best"
    assert [line for line in text.splitlines() if line not in made.splitlines()] == []
    assert not found.error


def test_a_file_of_another_form_is_left_to_its_writer() -> None:
    with pytest.raises(CommandError, match="by hand"):
        with_destination("version: 1\ndestinations: {}\n", "vip", {"channel": "email"})


@pytest.mark.parametrize(
    ("name", "channel", "usual"),
    [
        ("vip", None, {"channel": "email"}),
        ("vip", "sms", {"channel": "sms"}),
        ("sms", None, {"channel": "sms"}),
        ("orders", None, {"channel": "sftp", "feed": "orders"}),
    ],
)
def test_a_built_in_destination_stays_what_it_is_where_nothing_else_is_said(
    name: str, channel: str | None, usual: dict[str, str]
) -> None:
    found = {key: value for key, value in usual_settings(name, channel).items() if value}

    assert found == usual
    assert not configuration(with_destination(EMPTY, name, found).encode(), "it").error
