"""The Listrak side, for the functions that call it."""

from __future__ import annotations

from listrak_relay.adapters.listrak_gateways import ListrakGateways
from listrak_relay.adapters.secrets import SecretsManagerStore
from listrak_relay.errors import ConfigurationError
from listrak_relay.messages import Message
from listrak_relay.settings import ListrakSettings
from listrak_relay.wiring.aws import CLOCK, client


def gateways(settings: ListrakSettings) -> ListrakGateways:
    return ListrakGateways(
        SecretsManagerStore(client("secretsmanager")),
        settings.email_secret,
        settings.email_url,
        settings.auth_url,
        (settings.connect_timeout, settings.read_timeout),
        CLOCK,
    )


def foreign(message: Message) -> ConfigurationError:
    return ConfigurationError("message_foreign", f"a {type(message).__name__} message is on the wrong queue")
