"""What a page that stands alone may do, and how an author's words get into its style, inert."""

from __future__ import annotations

import base64
import hashlib


def policy_of(style: str, *scripts: str, asks_its_server: bool = False) -> str:
    """The policy that lets in this very style and these very scripts.

    A page that is served may also ask the server it came from.
    """
    allowed = " ".join(_hash(script) for script in scripts)
    asking = "connect-src 'self'; " if asks_its_server else ""
    return (
        f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {allowed}; {asking}"
        "base-uri 'none'; form-action 'none'"
    )


def css_text(text: str) -> str:
    """A text inside quotes of a stylesheet, every unusual character as its number.

    >>> print(css_text('a"b'))
    a\\22 b
    """
    plain = (
        one if one.isascii() and (one.isalnum() or one in " .,:-") else f"\\{ord(one):x} " for one in text
    )
    return "".join(plain)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
