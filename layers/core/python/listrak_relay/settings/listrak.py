"""One of Listrak's APIs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.settings.environment import ENVIRONMENT, number, required


@dataclass(frozen=True, slots=True)
class ListrakSettings:
    """One of Listrak's APIs: addresses without a trailing slash, the channel's own secret. Time-outs in seconds."""

    auth_url: str
    base_url: str
    secret: str
    connect_timeout: float
    read_timeout: float

    @classmethod
    def from_env(cls, api: str, env: Mapping[str, str] = ENVIRONMENT) -> ListrakSettings:
        """``api``: ``email`` or ``sms``."""
        base_url = env.get(f"LISTRAK_{api.upper()}_URL", "").strip() or f"https://api.listrak.com/{api}/v1"
        return cls(
            auth_url=env.get("LISTRAK_AUTH_URL", "").strip() or "https://auth.listrak.com/OAuth2/Token",
            base_url=base_url.rstrip("/"),
            secret=required(env, f"LISTRAK_{api.upper()}_SECRET"),
            connect_timeout=number(env, "LISTRAK_CONNECT_TIMEOUT_SECONDS", 10, 0.1),
            read_timeout=number(env, "LISTRAK_READ_TIMEOUT_SECONDS", 120, 0.1),
        )
