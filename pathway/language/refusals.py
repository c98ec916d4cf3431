"""Tells an author in plain words what the models refuse: which key, what is wrong, what to write."""

from __future__ import annotations

import re
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Union, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pathway.language.problems import nearest

DataPath = tuple[str | int, ...]
MOST = 500  # refusals told; whoever has more has one cause for most of them

LONGEST = 80  # of what the author wrote, as far as a message repeats it

_KEY = "[key]"
_LABEL = re.compile(r"(dict|list|tuple|function-before)\[")  # how pydantic names the alternatives of a value

# The rule behind each pattern of `written`, for people.
PATTERN_RULES = {
    r"^[a-z][a-z0-9_]{0,79}$": "Write a lower-case letter, then lower-case letters, digits and _: 80 at most",
    r"^[a-z][a-z0-9_-]{0,79}$": "Write a lower-case letter, then lower-case letters, digits, - _: 80 at most",
    r"^[A-Za-z][A-Za-z0-9_.-]{0,39}$": "Write a letter, then letters, digits, . - and _: 40 at most",
    r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$": "Write a letter or digit, then also . - and _: 40 at most",
    r"^-?[0-9]+(\.[0-9]+)?$": "Write a number such as 5, -2 or 0.25, without a unit",
    r"^[0-9]+\.[0-9]+\.[0-9]+([-+.][0-9A-Za-z.-]+)?$": "Write a version of three numbers, such as 1.0.0",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing a model refuses; `at_key` when the key is wrong rather than its value."""

    path: DataPath
    at_key: bool
    text: str
    fix: str
    is_missing_key: bool = False


def refusals(error: ValidationError, data: Any, model: type[BaseModel]) -> list[Refusal]:
    """Every refusal of `model` for `data`, of the alternatives of a value only the fitting one."""
    told: dict[Refusal, None] = {}
    rest = 0
    for detail in error.errors(include_url=False):
        path, fits = _data_path(detail["loc"], data)
        if fits and len(told) < MOST:
            told[_refusal(detail, path, data, model)] = None
        else:
            rest += fits
    if not rest:
        return list(told)
    return [*told, Refusal((), False, f"{rest} more refusals are not shown", "Mend these first")]


def say(path: DataPath) -> str:
    """A path as authors say it: `facts.inr.range[2]`, items counted from 1."""
    said = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{_short(part)}" for part in path)
    return f"`{said.removeprefix('.')}`" if path else "the pathway"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _data_path(loc: tuple[str | int, ...], data: Any) -> tuple[DataPath, bool]:
    """The path in the data, without the labels that name alternatives, and whether the alternative fits."""
    path: list[str | int] = []
    here = data
    for number, part in enumerate(loc):
        is_known, inner = _inner(here, part)
        if is_known:
            here = inner
        elif isinstance(part, str) and _LABEL.match(part):
            if part.startswith("dict[") != isinstance(here, dict):
                return (), False
            continue
        elif number < len(loc) - 1:
            continue
        path.append(part)
    return tuple(path), True


def _inner(here: Any, part: str | int) -> tuple[bool, Any]:
    """Whether `part` is a key or index in the data here, and what it holds."""
    is_key = isinstance(here, dict) and part in here
    is_index = isinstance(here, list) and isinstance(part, int) and part < len(cast("list[Any]", here))
    return (True, cast("Any", here)[part]) if is_key or is_index else (False, None)


def _refusal(detail: ErrorDetails, path: DataPath, data: Any, model: type[BaseModel]) -> Refusal:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing" and isinstance(path[-1], str):
        text = f"{say(path[:-1])} needs the key `{path[-1]}`"
        return Refusal(path[:-1], True, text, f"Add `{path[-1]}: ...`", True)
    if kind == "missing":
        text = f"{say(path[:-1])} has too few items"
        return Refusal(path[:-1], False, text, "Write exactly two: [first, second]")
    if kind == "extra_forbidden":
        return Refusal(path, True, f"`{path[-1]}` is no key of {say(path[:-1])}", _key_fix(path, model))
    at_key = path[-1:] == (_KEY,)
    path = path[:-1] if at_key else path
    subject = f"The key `{path[-1]}`" if at_key else say(path)
    given = detail["input"]
    if kind == "literal_error" and not isinstance(given, str):
        kind = "string_type"
    text, fix = _WORDS.get(kind, _does_not_fit)(subject, _short(str(given)), context)
    return Refusal(path, at_key or (kind == "value_error" and isinstance(given, dict)), text, fix)


def _key_fix(path: DataPath, model: type[BaseModel]) -> str:
    keys = keys_at(path[:-1], model)
    near = nearest(str(path[-1]), keys)
    return f"Did you mean `{near}`?" if near else f"Keys here: {', '.join(keys)}"


def keys_at(path: DataPath, model: type[BaseModel]) -> tuple[str, ...]:
    """The keys that may stand in the mapping at this path."""
    here: list[Any] = [model]
    for part in path:
        here = [inner for annotation in here for inner in _inside(annotation, part)]
    models = [found for found in here if _is_model(found)]
    return tuple(info.alias or name for found in models for name, info in found.model_fields.items())


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _inside(annotation: Any, part: str | int) -> list[Any]:
    """What may stand under `part` in a value of this annotation."""
    if _is_model(annotation):
        fields = annotation.model_fields.items()
        named = [info.annotation for name, info in fields if (info.alias or name) == part]
        return [inner for found in named for inner in _kinds(found)]
    container, arguments = get_origin(annotation), get_args(annotation)
    if container is dict and isinstance(part, str):
        return _kinds(arguments[1])
    if container is list and isinstance(part, int):
        return _kinds(arguments[0])
    return []


def _kinds(annotation: Any) -> list[Any]:
    """The alternatives of an annotation, bare."""
    container = get_origin(annotation)
    if container is Annotated:
        return _kinds(get_args(annotation)[0])
    if container in (Union, types.UnionType):
        return [kind for argument in get_args(annotation) for kind in _kinds(argument)]
    return [annotation]


Words = Callable[[str, str, dict[str, Any]], tuple[str, str]]


def _one_of(subject: str, given: str, context: dict[str, Any]) -> tuple[str, str]:
    allowed = re.findall(r"'([^']*)'", context["expected"])
    near = nearest(given, allowed)
    question = f"Did you mean `{near}`? " if near else ""
    return f"{subject} cannot be `{given}`", f"{question}Write one of: {', '.join(allowed)}"


def _pattern(subject: str, given: str, context: dict[str, Any]) -> tuple[str, str]:
    is_key = subject.endswith(f"key `{given}`")
    text = f"{subject} is not written as it should be" if is_key else f"{subject} cannot be `{given}`"
    return text, PATTERN_RULES.get(context["pattern"], "")


def _own_words(subject: str, given: str, context: dict[str, Any]) -> tuple[str, str]:
    return f"{subject}: {context['error']}", ""


def _does_not_fit(subject: str, given: str, context: dict[str, Any]) -> tuple[str, str]:
    return f"{subject} does not fit here", "See the guide to writing a pathway"


def _needs(kind: str, example: str) -> Words:
    return lambda subject, given, context: (f"{subject} has to be {kind}", f"Write {example}")


def _empty(subject: str, given: str, context: dict[str, Any]) -> tuple[str, str]:
    return f"{subject} is empty", "Say what it is, or leave the key out"


def _too_long(subject: str, given: str, context: dict[str, Any]) -> tuple[str, str]:
    return f"{subject} is longer than {context['max_length']} characters", "Shorten it"


_WORDS: dict[str, Words] = {
    "literal_error": _one_of,
    "string_pattern_mismatch": _pattern,
    "string_type": _needs("one text", "a single value, without list or keys"),
    "string_too_short": _empty,
    "string_too_long": _too_long,
    "list_type": _needs("a list", "[first, second], or one `- ` a line"),
    "dict_type": _needs("a group of keys with values", "`id: value` lines, indented"),
    "model_type": _needs("a group of keys with values", "`key: value` lines, indented, or {key: value}"),
    "tuple_type": _needs("a list of two", "[first, second]"),
    "too_long": _needs("a list of two", "exactly two: [first, second]"),
    "value_error": _own_words,
}
