"""Settings from the environment."""

import pytest

from listrak_relay.errors import ConfigurationError
from listrak_relay.settings import CloseSettings, DeliverSettings, IngestSettings, MonitorSettings, RelaySettings

FULL = {
    "WORK_BUCKET": "work",
    "LEDGER_TABLE": "ledger",
    "EMAIL_QUEUE_URL": "https://queue/email",
    "EMAIL_DEAD_LETTER_QUEUE_URL": "https://queue/email-dead",
    "IMPORT_QUEUE_URL": "https://queue/import",
    "IMPORT_DEAD_LETTER_QUEUE_URL": "https://queue/import-dead",
    "FEED_QUEUE_URL": "https://queue/feed",
    "FEED_DEAD_LETTER_QUEUE_URL": "https://queue/feed-dead",
    "LISTRAK_SFTP_SECRET": "relay/listrak-sftp",
    "CLOSE_QUEUE_URL": "https://queue/close",
    "LISTRAK_EMAIL_SECRET": "relay/listrak-email",
    "TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:notices",
}
KINDS = [IngestSettings, DeliverSettings, MonitorSettings, CloseSettings, RelaySettings]


@pytest.mark.parametrize("kind", KINDS)
def test_the_required_settings_are_enough(kind: type[IngestSettings]) -> None:
    assert kind.from_env(FULL).aws.work_bucket == "work"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["WORK_BUCKET", "LEDGER_TABLE", "CLOSE_QUEUE_URL"])
def test_a_missing_setting_is_named(kind: type[IngestSettings], name: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        kind.from_env(FULL | {name: " "})


@pytest.mark.parametrize("value", ["many", "-1", "nan"])
def test_a_number_that_is_none_is_named(value: str) -> None:
    with pytest.raises(ConfigurationError, match="MAX_CHUNK_BYTES"):
        IngestSettings.from_env(FULL | {"MAX_CHUNK_BYTES": value})


def test_the_addresses_are_settings_and_their_default_is_listrak() -> None:
    assert DeliverSettings.from_env(FULL).listrak.email_url == "https://api.listrak.com/email/v1"
    changed = DeliverSettings.from_env(FULL | {"LISTRAK_EMAIL_URL": "http://127.0.0.1:8080/email/v1/"})
    assert changed.listrak.email_url == "http://127.0.0.1:8080/email/v1"


def test_a_chunk_is_never_larger_than_listrak_takes() -> None:
    assert IngestSettings.from_env(FULL | {"MAX_CHUNK_BYTES": "999000000"}).max_chunk_bytes == 195_000_000
