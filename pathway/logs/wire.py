"""Events as they stand on the wire: field names, times and canonical JSON (SEMANTICS, "The log's fields").

Names differ from `pathway.engine.events` only where Python reserves them: `from` is `source`, `while` is
`judged`. A line's own batch is `batch`; the batch that an `undone` line takes back is `undone`.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import cache, lru_cache
from types import NoneType, UnionType
from typing import Any, NoReturn, TypeVar, Union, cast, get_args, get_type_hints

from pathway.engine.events import EVENT_TYPES, RETRACTION_REASONS, Event
from pathway.logs.problems import RESTORE, LogError

CAUSES = ("auto", "clinician", "timeline", "override")
STANDINGS = ("recommended", "held", "blocked")
MAX_LINE = 1 << 20  # bytes with the line end; an event is a few hundred

Record = TypeVar("Record")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WIRE_NAMES = {"source": "from", "judged": "while"}
_TIMES = {"at", "recorded_at", "done_at", "time_passed.to"}
_CODES = {
    "fact_retracted.reason": RETRACTION_REASONS,
    "transition_taken.cause": CAUSES,
    "action_done.judged": STANDINGS,
    "action_declined.judged": STANDINGS,
}
_EVENT_BY_NAME = {event_type.type: event_type for event_type in EVENT_TYPES}


@lru_cache(maxsize=1_000)  # the events of a step have their times in common
def written_time(seconds: int) -> str:
    """Seconds since 1970 UTC as ISO 8601.

    >>> written_time(1772352000)
    '2026-03-01T08:00:00+00:00'
    """
    return (_EPOCH + timedelta(seconds=seconds)).isoformat()


@lru_cache(maxsize=1_000)
def read_time(text: str) -> int:
    """Seconds since 1970 UTC; only the form that `written_time` writes. Raises ValueError."""
    seconds = (datetime.fromisoformat(text) - _EPOCH) // timedelta(seconds=1)
    if written_time(seconds) != text:
        raise ValueError(text)
    return seconds


def canonical(line: Mapping[str, object]) -> bytes:
    """Canonical JSON: keys sorted, no spaces, UTF-8. Raises LogError for text that UTF-8 cannot hold."""
    try:
        return _ENCODER.encode(line).encode()
    except UnicodeEncodeError as error:
        raise LogError(
            f"The character {error.object[error.start]!r} cannot be written",
            "It is half of a pair (a lone surrogate), which is not text",
            "Leave it out.",
        ) from None


def parsed(line: bytes) -> dict[str, object]:
    """One line of a log as a JSON object. Raises LogError for anything else."""
    try:
        found: object = _DECODER.decode(line.decode())
    except UnicodeDecodeError as error:
        why = f"Byte {error.start + 1} of the line is not UTF-8: the file is damaged, compressed or no log"
        raise LogError("This line is not text", why, RESTORE) from None
    except (ValueError, RecursionError) as error:
        raise LogError("This line is not JSON", _no_json(line, error), RESTORE) from None
    if not isinstance(found, dict):
        raise LogError("This line is not a JSON object", "Each line of a log is one object {...}", RESTORE)
    return cast("dict[str, object]", found)


def _no_json(line: bytes, error: Exception) -> str:
    """Why a line is no JSON, as seen by somebody who looks at the line."""
    if not line.strip():
        return "It is empty"
    if line.startswith(codecs.BOM_UTF8):
        return "It begins with a byte order mark, as some editors write"
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg.removesuffix(' at')} at character {error.pos + 1}"
    return (
        "It nests too deep" if isinstance(error, RecursionError) else "It holds a number of too many digits"
    )


def event_object(event: Event) -> dict[str, object]:
    """The event as a JSON object; absent optional fields are left out. Raises LogError if mis-typed."""
    return {"type": event.type, **record_object(event, event.type)}


def event_from_object(line: Mapping[str, object]) -> Event:
    """The event of a line (without `prev` and `hash`). Raises LogError."""
    name = line.get("type")
    event_type = _EVENT_BY_NAME.get(name) if isinstance(name, str) else None
    if event_type is None:
        _refuse_type(name)
    rest = {key: value for key, value in line.items() if key != "type"}
    return record_from_object(event_type, rest, event_type.type)


def record_object(record: object, name: str) -> dict[str, object]:
    """The fields of a frozen dataclass by their wire names; `name` is its name in messages."""
    line: dict[str, object] = {}
    for item in _fields_of(type(record), name):
        value = getattr(record, item.attribute)
        if item.optional and value == item.default:
            continue
        line[item.key] = _converted(item.kind.write, value, item, name)
    return line


def record_from_object(record_type: type[Record], line: Mapping[str, object], name: str) -> Record:
    """The frozen dataclass that `record_object` wrote. Raises LogError."""
    items, known, needed = _shape_of(record_type, name)
    if not line.keys() <= known:
        _refuse_extra(line.keys() - known, items, name)
    if not needed <= line.keys():
        missing = sorted(needed - line.keys())
        why = f"A `{name}` line has: {', '.join(item.key for item in items)}"
        raise LogError(f"`{name}` lacks {_quoted(missing)}", why, RESTORE)
    values = {item.attribute: item.default for item in items}
    for item in items:
        if item.key in line:
            values[item.attribute] = _converted(item.kind.read, line[item.key], item, name)
    return record_type(**values)


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a field goes to JSON and back; both raise ValueError, TypeError or OverflowError."""

    expected: str
    write: Callable[[Any], object]
    read: Callable[[Any], object]


@dataclass(frozen=True, slots=True)
class _Field:
    attribute: str
    key: str
    kind: _Kind
    optional: bool
    default: object


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 63:
        raise TypeError(value)
    return value


def _code_of(codes: Collection[str]) -> Callable[[object], str]:
    def code(value: object) -> str:
        if value not in codes:
            raise ValueError(value)
        return _text(value)

    return code


def _each(check: Callable[[object], object], given: type, wanted: type) -> Callable[[object], object]:
    def values(value: object) -> object:
        if not isinstance(value, given):
            raise TypeError(value)
        return wanted(check(item) for item in cast("Iterable[object]", value))

    return values


def _text_or(several: Callable[[object], object]) -> Callable[[object], object]:
    return lambda value: value if isinstance(value, str) else several(value)


_TEXTS_OUT, _TEXTS_IN = _each(_text, tuple, list), _each(_text, list, tuple)
_TIME = _Kind("a time such as 2026-03-01T08:00:00+00:00", written_time, read_time)
_KINDS: dict[object, _Kind] = {
    str: _Kind("text", _text, _text),
    int: _Kind("a whole number, not negative", _whole, _whole),
    tuple[str, ...]: _Kind("a list of texts", _TEXTS_OUT, _TEXTS_IN),
    tuple[int, ...]: _Kind("a list of whole numbers", _each(_whole, tuple, list), _each(_whole, list, tuple)),
    str | tuple[str, ...]: _Kind("text or a list of texts", _text_or(_TEXTS_OUT), _text_or(_TEXTS_IN)),
}


@cache
def _fields_of(record_type: type, name: str) -> tuple[_Field, ...]:
    hints = get_type_hints(record_type)
    made: list[_Field] = []
    for item in fields(record_type):
        written, nullable = _without_none(hints[item.name])
        default = None if item.default is MISSING else item.default
        optional = nullable or item.default == ()
        kind = _kind_of(f"{name}.{item.name}", item.name, written)
        made.append(_Field(item.name, _WIRE_NAMES.get(item.name, item.name), kind, optional, default))
    return tuple(made)


@cache
def _shape_of(record_type: type, name: str) -> tuple[tuple[_Field, ...], frozenset[str], frozenset[str]]:
    """The fields of a line, the keys that it may have, and the ones that it must have."""
    items = _fields_of(record_type, name)
    needed = frozenset(item.key for item in items if not item.optional)
    return items, frozenset(item.key for item in items), needed


def _without_none(hint: Any) -> tuple[Any, bool]:
    """A type without its `| None`, and whether it had one."""
    options = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    present = [option for option in options if option is not NoneType]
    return Union[tuple(present)], len(present) < len(options)  # noqa: UP007


def _kind_of(place: str, attribute: str, written: object) -> _Kind:
    codes = _CODES.get(place)
    if codes is not None:
        return _Kind(f"one of {', '.join(codes)}", _code_of(codes), _code_of(codes))
    return _TIME if {place, attribute} & _TIMES else _KINDS[written]


def _converted(convert: Callable[[Any], object], value: object, item: _Field, name: str) -> Any:
    try:
        return convert(value)
    except (ValueError, TypeError, OverflowError):
        why = f"The field `{item.key}` holds {item.kind.expected}"
        raise LogError(f"`{item.key}` of `{name}` is {_shown(value)}", why, RESTORE) from None


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."


def _quoted(names: Collection[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _refuse_float(text: str) -> NoReturn:
    why = "Logs hold exact values only: amounts as text, times as text, counts as whole numbers"
    raise LogError(f"The number {text[:40]} is not whole", why, RESTORE)


# Made once: a long log is tens of thousands of lines.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_DECODER = json.JSONDecoder(parse_float=_refuse_float, parse_constant=_refuse_float)


def _refuse_type(name: object) -> NoReturn:
    near = get_close_matches(str(name), _EVENT_BY_NAME, 1)
    guess = f"; did you mean `{near[0]}`" if near else ""
    why = f"The types are {', '.join(_EVENT_BY_NAME)}{guess}"
    raise LogError(f"There is no event type {_shown(name)}", why, RESTORE)


def _refuse_extra(extra: Collection[str], items: Collection[_Field], name: str) -> NoReturn:
    why = f"A `{name}` line has: {', '.join(item.key for item in items)}"
    raise LogError(f"`{name}` has no field {_quoted(sorted(extra))}", why, RESTORE)
