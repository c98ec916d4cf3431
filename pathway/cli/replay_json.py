"""JSON that may be read on a terminal: the same document, with nothing in it that a terminal acts on."""

from __future__ import annotations

import json
import re

# Controls that JSON admits as they stand, and characters that nobody sees or that turn the line round.
_ACTIVE = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)


def json_text(document: object) -> str:
    r"""A document as text; what is not shown is written as its escape, which JSON reads back as that sign.

    >>> print(json_text("\u202ecase \x9b\x7f"))
    "\u202ecase \u009b\u007f"
    """
    text = json.dumps(document, indent=1, ensure_ascii=False)
    return _ACTIVE.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}" if found[0] < "\U00010000" else json.dumps(found[0])[1:-1]
