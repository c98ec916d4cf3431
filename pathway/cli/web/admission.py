"""Who may open the page: a browser on this computer that was given the address, once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

LOOPBACK = "127.0.0.1"
GUARDED = {  # what every answer carries beside its content security policy
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
ELSEWHERE = (
    "403: this page was asked for under another name than the one it is served at.\n"
    "Open the address exactly as `{command}` printed it."
)
NOT_LET_IN = (
    "403: this browser was not let in.\n"
    "The address that `{command}` printed works once, in one browser. Open the whole address; if it\n"
    "was opened already, stop the command with ctrl+c and start it again. Nothing recorded is lost."
)
FOREIGN_PAGE = "403: another page tried to connect to this case. Open the case at its own address."


def _secret() -> str:
    return secrets.token_urlsafe(32)


@dataclass(slots=True)
class Admission:
    """The first request with the token is given the cookie and spends the token; the cookie opens the rest.

    Cookies do not tell ports apart: their name does, so that two cases can be served at the same time.
    """

    port: int
    command: str = "pathway step --web"
    token: str = field(default_factory=_secret, repr=False)
    cookie: str = field(default_factory=_secret, repr=False)
    _is_spent: bool = False

    @property
    def host(self) -> str:
        """What a browser names in the Host header."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    @property
    def address(self) -> str:
        """What the user opens."""
        return f"{self.origin}/?token={self.token}"

    @property
    def cookie_name(self) -> str:
        return f"pathway-{self.port}"

    def refusal(self, host: str | None, cookie: str | None) -> str | None:
        """Why a request is refused, in plain words; None if it is not.

        A page of another site whose name was made to lead here (DNS rebinding) names another host.
        """
        if host != self.host:
            return ELSEWHERE.format(command=self.command)
        if cookie is None or not _same(cookie, self.cookie):
            return NOT_LET_IN.format(command=self.command)
        return None

    def spends(self, host: str | None, token: str | None) -> bool:
        """Whether this request is the first with the right token; there is no second."""
        if self._is_spent or host != self.host or token is None or not _same(token, self.token):
            return False
        self._is_spent = True
        return True


def _same(given: str, ours: str) -> bool:
    return secrets.compare_digest(given.encode("utf-8", "surrogatepass"), ours.encode())
