"""Keys: what every screen binds, what may be bound at all, and the user's own keys by the id of a binding."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, runtime_checkable

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Input

from pathway.language.problems import nearest

FORBIDDEN = {
    **dict.fromkeys(("ctrl+s", "ctrl+q"), "many terminals stop and start their output with it"),
    "ctrl+z": "shells stop the program with it",
    **dict.fromkeys(
        ("ctrl+i", "ctrl+m", "ctrl+j", "ctrl+h"), "a terminal sends it for Tab, Enter or Backspace"
    ),
    **dict.fromkeys(("ctrl+a", "ctrl+b"), "tmux and screen take it"),
    "ctrl+c": "it copies, and is pressed in doubt",
}
NAMED = {
    "enter": "Enter", "escape": "Esc", "space": "Space", "tab": "Tab", "backspace": "Backspace", "up": "Up",
    "down": "Down", "left": "Left", "right": "Right", "pageup": "PgUp", "pagedown": "PgDn", "home": "Home",
    "end": "End", "delete": "Del", "insert": "Ins", "shift+tab": "Shift+Tab",
}  # fmt: skip
ESCAPE = "escape"

# `question_mark` to `?`: the names that Textual has for signs, as its own bindings spell them.
_SIGNS = {
    name.key: sign
    for sign in string.punctuation.replace(",", "")
    for name in Binding.make_bindings([Binding(sign, "")])
} | {"comma": ","}
_NAMES = {sign: name for name, sign in _SIGNS.items()}
_PRINTED = {printed.lower(): name for name, printed in NAMED.items()}

KeyOf: TypeAlias = Callable[[str], str]
"""The key of a binding by its id, as it is printed: for lines that tell which key does what."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A binding where it is written: the class that binds it, and its keys as Textual names them."""

    owner: type[DOMNode]
    binding: Binding

    @property
    def id(self) -> str:
        return self.binding.id or ""

    @property
    def keys(self) -> tuple[str, ...]:
        return split_keys(self.binding.key)


def split_keys(keys: str) -> tuple[str, ...]:
    """`?, ctrl+g` as `question_mark`, `ctrl+g`: names as Textual has them."""
    return tuple(_long_name(key.strip()) for key in keys.split(",") if key.strip())


def key_words(key: str) -> str:
    """A key as it is printed: `?`, `Enter`, `ctrl+p`."""
    return NAMED.get(key) or _SIGNS.get(key) or key


def why_forbidden(key: str) -> str | None:
    """Why nothing may be bound to a key; None where it may."""
    if key.startswith("alt+"):
        return "terminals and window managers take keys with Alt"
    if key.removeprefix("shift+")[:1] == "f" and key.removeprefix("shift+")[1:].isdigit():
        return "terminals and laptops take the F keys"
    return FORBIDDEN.get(key)


@runtime_checkable
class HasOwnKeys(Protocol):
    """An application whose user has bound keys of their own: those that were taken, by id."""

    own_keys: Mapping[str, str]


def key_at(node: DOMNode, id: str) -> str:
    """The key in force of a binding of this widget, its screen or the application, as it is printed.

    Of several it is the first. Raises LookupError where nothing here has the id.
    """
    own = node.app.own_keys.get(id) if isinstance(node.app, HasOwnKeys) else None
    if own is not None:
        return key_words(split_keys(own)[0])
    owners = (owner for one in node.ancestors_with_self for owner in type(one).__mro__)
    written = [one.keys[0] for owner in owners for one in bindings_of(owner) if one.id == id]
    if not written:
        raise LookupError(f"nothing is bound as {id} where {node!r} stands")
    return key_words(written[0])


def bindings_of(owner: type[Any]) -> list[Bound]:
    """The bindings written in this one class."""
    written = owner.__dict__.get("BINDINGS", ())
    return [Bound(owner, one) for one in written if isinstance(one, Binding)]


def every_binding() -> list[Bound]:
    """Every binding of every screen, widget and application in `tui`. Imports all of them."""
    import tui

    found: dict[type[Any], list[Bound]] = {}
    for module in pkgutil.walk_packages(tui.__path__, "tui."):
        for _, owner in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(owner, DOMNode) and owner.__module__.startswith("tui."):
                found[owner] = bindings_of(owner)
    return [bound for bounds in found.values() for bound in bounds]


def judged(keys: Mapping[str, str], bound: Sequence[Bound], where: str) -> tuple[dict[str, str], list[str]]:
    """The user's keys that can be taken, and a notice for each that cannot; there the default stays."""
    notices: list[str] = []
    taken: dict[str, str] = {}
    for id, written in keys.items():
        reason = _why_not(id, split_keys(written), bound)
        if reason is None:
            taken[id] = ",".join(split_keys(written))
        else:
            notices.append(f'{where}: keys: "{id}" = "{written}" was not taken: {reason}')
    clash = _clash(taken, bound)
    while clash is not None:
        id, reason = clash
        notices.append(f'{where}: keys: "{id}" = "{keys[id]}" was not taken: {reason}')
        del taken[id]
        clash = _clash(taken, bound)
    return taken, notices


def _why_not(id: str, keys: tuple[str, ...], bound: Sequence[Bound]) -> str | None:
    """Why a binding cannot have these keys, whatever the others have."""
    own = [one for one in bound if one.id == id]
    if not own:
        close = nearest(id, sorted({one.id for one in bound if one.id}))
        return f"no key has this id{f'; did you mean {close}' if close else ''}."
    if not keys:
        return "it names no key."
    for key in keys:
        if not is_key(key):
            return f"there is no key {key!r}."
        if (why := why_forbidden(key)) is not None:
            return f"{key_words(key)} cannot be bound: {why}."
    if all(key == ESCAPE for key in keys):
        return "Esc is slow in many terminals and cannot be the only key; add another, as escape,ctrl+g."
    if all(map(_is_for_typing, keys)) and any(_leaves_typing(one) for one in own):
        return "it leaves boxes in which text is typed, so one of its keys must not be a key of typing."
    is_typed = any(is_character(key) for key in keys)
    if is_typed and any(one.binding.priority and not any(map(is_character, one.keys)) for one in own):
        return "it works while text is typed, so its key must not be a character."
    return None


def _leaves_typing(one: Bound) -> bool:
    """Whether a binding has only keys that are no text, Esc among them."""
    return ESCAPE in one.keys and not any(map(is_character, one.keys))


def _is_for_typing(key: str) -> bool:
    """Whether a field takes a key before its screen does: a character, or what moves about in a text."""
    return is_character(key) or key in {name for one in bindings_of(Input) for name in one.keys}


def _clash(taken: Mapping[str, str], bound: Sequence[Bound]) -> tuple[str, str] | None:
    """A binding of the user's whose key another one has in the same place, and what to do about it."""
    for one in bound:
        for other in bound:
            is_users = one.id in taken and one.id != other.id
            if not is_users or not _meet(one.owner, other.owner):
                continue
            both = set(_keys(one, taken)) & set(_keys(other, taken))
            if both:
                key, words = key_words(min(both)), other.binding.description or other.binding.action
                return (
                    one.id,
                    f"{key} is {words} ({other.id}) there. Give that another key too, or choose one.",
                )
    return None


def _keys(one: Bound, taken: Mapping[str, str]) -> tuple[str, ...]:
    return split_keys(taken[one.id]) if one.id in taken else one.keys


def _meet(one: type[DOMNode], other: type[DOMNode]) -> bool:
    """Whether two classes can answer the same key press: two screens cannot, nor can two applications."""
    if issubclass(one, other) or issubclass(other, one):
        return True
    return not any(issubclass(one, kind) and issubclass(other, kind) for kind in (Screen, App))


def is_character(key: str) -> bool:
    """Whether a key types a character into a field."""
    return key == "space" or key in _SIGNS or (len(key) == 1 and key.isprintable())


def is_key(key: str) -> bool:
    """Whether a terminal can send it."""
    letter = key.removeprefix("ctrl+")
    if letter != key:
        return len(letter) == 1 and letter in string.ascii_lowercase
    return key.removeprefix("shift+") in NAMED or is_character(key) or why_forbidden(key) is not None


def _long_name(key: str) -> str:
    """`?` as `question_mark`, `PgUp` as `pageup`, `Ctrl+P` as `ctrl+p`; a letter stays as it is."""
    return _NAMES.get(key) or _PRINTED.get(key.lower(), key if len(key) == 1 else key.lower())
