"""An SFTP server that asks for the password by prompts, as servers behind PAM do, and takes none as such."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from local.sftp_server.login import Login
from local.sftp_server.state import Service

Prompts = Sequence[tuple[str, bool]]


class InteractiveLogin(Login):
    """``rounds``: the prompts of each, with whether what is typed is to be seen. Whoever types the password at every
    hidden prompt, and the username at the others, is let in."""

    def __init__(self, service: Service, rounds: Sequence[Prompts]) -> None:
        super().__init__(service)
        self._rounds, self._round = list(rounds), 0

    def password_auth_supported(self) -> bool:
        return False

    def kbdint_auth_supported(self) -> bool:
        return True

    def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> tuple[str, str, str, Prompts]:
        self._name = username
        return self._challenge()

    def _challenge(self) -> tuple[str, str, str, Prompts]:
        return "Sign in", "Only for who may", "", list(self._rounds[self._round])

    def validate_kbdint_response(self, username: str, responses: Sequence[str]) -> bool | tuple[str, str, str, Prompts]:
        wanted = [username if seen else self._users.passwords.get(username) for _, seen in self._rounds[self._round]]
        if list(responses) != wanted:
            return False
        self._round += 1
        return True if self._round == len(self._rounds) else self._challenge()


def interactive(*rounds: Prompts) -> Callable[[Service], Login]:
    return lambda service: InteractiveLogin(service, rounds)
