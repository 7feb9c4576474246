"""The parts of what an operator does by hand: reading the configuration, and asking Listrak as the functions do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.aws.dynamodb_pauses import DynamoDbPauses
from listrak_relay.adapters.aws.dynamodb_usage import DynamoDbUsage
from listrak_relay.adapters.aws.person_hashes import SecretPersonHashes
from listrak_relay.adapters.aws.s3_objects import S3ObjectStore
from listrak_relay.adapters.aws.secrets import NOT_THERE, SecretsManagerStore
from listrak_relay.adapters.clock import SystemClock
from listrak_relay.adapters.libraries.destinations_yaml import parse_configuration
from listrak_relay.adapters.listrak.email import ListrakEmail
from listrak_relay.adapters.listrak.privacy import ListrakPrivacy
from listrak_relay.adapters.listrak.sms import ListrakSms
from listrak_relay.domain.configuration.destination_rules import Destinations
from listrak_relay.domain.destinations.destinations import BUILT_IN
from listrak_relay.errors import ConfigurationError, RelayError
from listrak_relay.ports.listrak_email import EmailGateway
from listrak_relay.ports.listrak_sms import SmsGateway
from listrak_relay.ports.pauses import PauseBook
from listrak_relay.ports.secrets import Credentials
from listrak_relay.ports.usage import UsageRecord
from listrak_relay.settings.shared import ListrakSettings
from listrak_relay.use_cases.lanes.opt_outs import OptOuts
from listrak_relay.wiring.listrak import gateways

SECRET_MISSING = NOT_THERE
"""Code of the ConfigurationError for a secret that is not there."""


def configuration(body: bytes | None, source: str) -> Destinations:
    """``body``: of a `destinations.yaml`; None: the built-in destinations alone.

    Raises:
        ConfigurationError: it cannot be understood as a whole.
    """
    return Destinations(dict(BUILT_IN)) if body is None else parse_configuration(body, source)


def email_gateway(environment: Mapping[str, str], secret: str | None) -> EmailGateway:
    """``environment``: of the function that delivers email. ``secret``: None for the channel's own."""
    return gateways(ListrakEmail, ListrakSettings.from_env("email", environment)).for_secret(secret)


def sms_gateway(environment: Mapping[str, str], secret: str | None) -> SmsGateway:
    """``environment``: of the function that delivers SMS. ``secret``: None for the channel's own."""
    return gateways(ListrakSms, ListrakSettings.from_env("sms", environment)).for_secret(secret)


def remembered_opt_outs(environment: Mapping[str, str]) -> OptOuts:
    """``environment``: of the function that reads files."""
    hashes = SecretPersonHashes(environment["OPT_OUT_KEY_SECRET"], SecretsManagerStore(client("secretsmanager")))
    return OptOuts(S3ObjectStore(environment["WORK_BUCKET"], client("s3")), hashes)


def forget_at_listrak(environment: Mapping[str, str], secret: str, person: str) -> str | None:
    """Ask Listrak to forget an email address or a phone number; returns the id of the request.

    ``environment``: of a function that calls Listrak. ``secret``: of an integration of type Privacy; None is returned
    where there is none of this name.

    Raises:
        RelayError: Listrak could not be asked, or refused.
    """
    url = environment.get("LISTRAK_EMAIL_URL", "").replace("/email/", "/privacy/")
    settings = ListrakSettings.from_env(
        "privacy", {**environment, "LISTRAK_PRIVACY_URL": url, "LISTRAK_PRIVACY_SECRET": secret}
    )
    try:
        return gateways(ListrakPrivacy, settings).for_secret(None).forget(person)
    except ConfigurationError as error:
        if error.code == SECRET_MISSING:
            return None
        raise


def pause_book(table: str) -> PauseBook:
    """``table``: of the ledger."""
    return DynamoDbPauses(table, client("dynamodb"))


def usage_record(table: str) -> UsageRecord:
    """``table``: of the ledger."""
    return DynamoDbUsage(table, client("dynamodb"), SystemClock())


def sign_in(environment: Mapping[str, str], api: str, pair: Credentials) -> str:
    """Why Listrak does not take these credentials, empty if it does. ``api``: ``email`` or ``sms``."""
    settings = ListrakSettings.from_env(api, environment)
    try:
        if api == "sms":
            gateways(ListrakSms, settings, secrets=GivenSecret(pair)).for_secret(None).sender_codes()
        else:
            gateways(ListrakEmail, settings, secrets=GivenSecret(pair)).for_secret(None).lists()
    except RelayError as error:
        return str(error)
    return ""


@dataclass(frozen=True, slots=True)
class GivenSecret:
    """`ports.secrets.SecretStore` of one pair, wherever it is to be kept."""

    pair: Credentials

    def credentials(self, secret: str, fresh: bool = False) -> Credentials:  # noqa: ARG002 - there is but one
        return self.pair
