"""Credentials from Secrets Manager, cached by Powertools for five minutes in each execution environment."""

from __future__ import annotations

import json
from typing import Any

from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError

from listrak_relay.adapters.aws.errors import aws_errors, error_code
from listrak_relay.errors import ConfigurationError
from listrak_relay.ports.secrets import Credentials, PgpKey

NOT_THERE = "secret_missing"
"""Code of the error that there is no secret of a name."""

_MAX_AGE_SECONDS = 300
_FORM = '{"client_id": "…", "client_secret": "…"}'
_PGP_ARMOR = "-----BEGIN PGP PRIVATE KEY BLOCK-----"
_PGP_FORM = f'{{"private_key": "{_PGP_ARMOR}…", "passphrase": "…"}}'
_PLACEHOLDER = "replace-me"  # what the template puts into a secret that it makes

_MISSING = frozenset({"ResourceNotFoundException", "InvalidRequestException"})
"""The second one: the secret is marked for deletion."""


class SecretsManagerStore:
    """`ports.secrets.SecretStore` and `SecretTexts`.

    No value of a secret is in any error: JSON is read here, and its text kept back.

    ``client``: boto3's, for Secrets Manager.
    """

    def __init__(self, client: Any) -> None:
        self._provider = SecretsProvider(boto3_client=client)

    def credentials(self, secret: str, fresh: bool = False) -> Credentials:
        return _credentials(secret, self.text(secret, _FORM, fresh))

    def text(self, secret: str, form: str, fresh: bool = False) -> str | bytes:
        with aws_errors(f"reading secret {secret}"):
            return self._text(secret, form, fresh)

    def pgp_key(self, secret: str) -> PgpKey:
        """An OpenPGP private key: its armored text, or ``{"private_key": …, "passphrase": …}``.

        Raises:
            ConfigurationError: missing, or not of either form.
        """
        text = self.text(secret, _PGP_FORM)
        values = _parsed(text)
        if isinstance(text, str) and _PGP_ARMOR in text and not values:
            return PgpKey(secret, text, "")
        private_key, passphrase = values.get("private_key"), values.get("passphrase", "")
        if not (isinstance(private_key, str) and isinstance(passphrase, str) and _PGP_ARMOR in private_key):
            raise ConfigurationError(
                "secret_malformed", f"secret {secret} is not of the form {_PGP_FORM}; give it such a value"
            )
        return PgpKey(secret, private_key, passphrase)

    def _text(self, secret: str, form: str, fresh: bool) -> str | bytes:
        try:
            value = self._provider.get(secret, max_age=_MAX_AGE_SECONDS, force_fetch=fresh)
        except GetParameterError as error:
            # Powertools wraps whatever boto3 raised and keeps it as the context only.
            cause = error.__context__
            if error_code(cause) in _MISSING:
                raise ConfigurationError(
                    NOT_THERE, f"secret {secret} does not exist; create it with the value {form}"
                ) from cause
            raise (cause or error) from None
        return value if isinstance(value, str | bytes) else b""


def _credentials(secret: str, text: str | bytes) -> Credentials:
    values = _parsed(text)
    client_id, client_secret = values.get("client_id"), values.get("client_secret")
    if not (isinstance(client_id, str) and client_id and isinstance(client_secret, str) and client_secret):
        raise ConfigurationError(
            "secret_malformed", f"secret {secret} is not of the form {_FORM}; give it such a value"
        )
    if _PLACEHOLDER in {client_id, client_secret}:
        raise ConfigurationError(
            "secret_not_set", f"secret {secret} still has its first value; put in the integration's id and secret"
        )
    return Credentials(client_id, client_secret)


def _parsed(text: str | bytes) -> dict[str, object]:
    """Nothing if it is no JSON object; the parser's own error would carry the text along."""
    try:
        values = json.loads(text)
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}
