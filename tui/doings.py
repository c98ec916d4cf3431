"""What can be done on a screen now, with the keys it has: for its help, its palette and its last row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

from tui.keymap import key_words

DIGITS = "digit("


@dataclass(frozen=True, slots=True)
class Doing:
    """Something a key does here: `keys` as printed, `words` in short, `about` in full where it is written."""

    id: str
    keys: str
    words: str
    about: str
    action: str
    node: DOMNode
    is_shown: bool

    @property
    def group(self) -> str:
        """The first part of its id: what it is about, as `panel` in `panel.why`."""
        return self.id.partition(".")[0]

    @property
    def is_digit(self) -> bool:
        """The digits stand together as one; a palette cannot press them."""
        return self.action.startswith(DIGITS)


def doings(screen: Screen[Any]) -> list[Doing]:
    """Everything that answers a key on this screen at this moment, in the order it is written."""
    found: dict[str, Doing] = {}
    for key, active in screen.active_bindings.items():
        binding = active.binding
        if not active.enabled or not binding.description or binding.action not in _written(active.node):
            continue
        one = _doing(key, binding, active.node)
        before = found.get(one.id)
        found[one.id] = replace(one, keys=f"{before.keys} {one.keys}") if before else one
    return _as_written([replace(one, keys=_digits(one)) for one in found.values()], screen)


def _doing(key: str, binding: Binding, node: DOMNode) -> Doing:
    is_digit = binding.action.startswith(DIGITS)
    id = f"{(binding.id or '').partition('.')[0]}.digits" if is_digit else binding.id or binding.action
    words = "number of an answer" if is_digit else binding.description
    return Doing(id, key_words(key), words, binding.tooltip, binding.action, node, binding.show)


def _digits(one: Doing) -> str:
    """Ten keys in a row as `0-9`."""
    keys = one.keys.split()
    return f"{min(keys)}-{max(keys)}" if one.is_digit and len(keys) > 2 else one.keys


def _written(node: DOMNode) -> list[str]:
    """The actions bound in these rooms, as written, and not those that every widget has (scrolling)."""
    owners = [one for one in type(node).__mro__ if one.__module__.partition(".")[0] != "textual"]
    written: list[Any] = [one for owner in owners for one in owner.__dict__.get("BINDINGS", ())]
    return [one.action for one in written if isinstance(one, Binding)]


def _as_written(found: list[Doing], screen: Screen[Any]) -> list[Doing]:
    """The screen's own first, then those of its widgets, those of the application last."""
    return sorted(
        found,
        key=lambda one: (one.group == "app", one.node is not screen, _written(one.node).index(one.action)),
    )
