"""What a user may set once: who records, the zone of new cases, theme, ASCII, animation and keys."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from platformdirs import user_config_path

from pathway.language.calendar import parse_zone
from pathway.language.problems import nearest, visible

FILE_VARIABLE, THEME_VARIABLE, ANIMATION_VARIABLE = "PATHWAY_CONFIG", "PATHWAY_THEME", "TEXTUAL_ANIMATIONS"
KNOWN = ("by", "timezone", "theme", "ascii", "animation", "keys")


@dataclass(frozen=True, slots=True)
class Settings:
    """Who records, and how the screens look and answer.

    `by` and `timezone` (of a new case) are None where nothing is set. `notices` say in words what of the
    file was not taken, and why. `faults` are those of them about `by` and `timezone`: rather than record
    under a name or in a zone that was not meant, whoever records stops with them.
    `keys` maps the id of a binding to its keys, as `panel.why` to `x`; they are judged where the screens
    are known (`tui.keymap`).
    """

    by: str | None = None
    timezone: str | None = None
    theme: str = "dark"
    ascii: bool = False
    animation: bool = False
    keys: Mapping[str, str] = field(default_factory=dict[str, str])
    file: Path | None = None
    notices: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def settings_file(environ: Mapping[str, str]) -> Path:
    """The user's file: `PATHWAY_CONFIG`, else `settings.toml` in the user's own configuration folder."""
    named = environ.get(FILE_VARIABLE)
    return Path(named) if named else user_config_path("pathway") / "settings.toml"


def read_settings(environ: Mapping[str, str], ascii: bool = False) -> Settings:
    """The user's settings, the environment before the file; never fails: what is wrong becomes a notice.

    `ascii` is the flag of the command line. `PATHWAY_THEME` names a theme; `TEXTUAL_ANIMATIONS` says how
    much moves, where it is set.
    """
    file = settings_file(environ)
    settings = replace(_read_file(file, bool(environ.get(FILE_VARIABLE))), file=file)
    moves = settings.animation or bool(environ.get(ANIMATION_VARIABLE))
    settings = replace(settings, animation=moves, ascii=settings.ascii or ascii)
    named = environ.get(THEME_VARIABLE)
    return with_theme(settings, named, THEME_VARIABLE) if named else settings


def with_theme(settings: Settings, name: str, where: str) -> Settings:
    """The settings with another theme; a name that is none leaves them as they are, with a notice."""
    from tui.themes import NAMES  # with a whole library of screens, which the line mode does without

    if name in NAMES:
        return replace(settings, theme=name)
    notice = f"{where}: there is no theme {name!r}; {_meant(name, NAMES)}. The theme stays {settings.theme}."
    return replace(settings, notices=(*settings.notices, notice))


def settings_from_text(text: str, where: str) -> Settings:
    """The settings written in a TOML text; `where` names it in notices."""
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Settings(notices=(f"{where}: this is not TOML: {error}. No setting was taken.",))
    settings = Settings(
        notices=tuple(
            f"{where}: {name!r} is no setting; {_meant(name, KNOWN)}. It was left out."
            for name in written
            if name not in KNOWN
        )
    )
    for name in KNOWN:
        if name in written:
            place = f"{where}:{_line_of(name, text)}" if name in _RECORDING else where
            settings = _with(settings, name, written[name], place)
    return settings


def _line_of(name: str, text: str) -> int:
    """The line on which a setting stands."""
    found = re.search(rf"""^[ \t]*(["']?){name}\1[ \t]*=""", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found is not None else 1


def _read_file(file: Path, is_named: bool) -> Settings:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        missing = (f"{FILE_VARIABLE}: there is no file {file}. The defaults are used.",)
        return Settings(notices=missing if is_named else ())
    except UnicodeDecodeError:
        return Settings(notices=(f"{file}: this is not UTF-8 text. No setting was taken.",))
    except OSError as error:
        return Settings(notices=(f"{file}: it cannot be read ({error.strerror}). The defaults are used.",))
    return settings_from_text(text, str(file))


def _with(settings: Settings, name: str, value: object, where: str) -> Settings:
    match name, value:
        case "by", str() if value.strip() and value.isprintable():
            return replace(settings, by=value.strip())
        case "timezone", str():
            return _with_zone(settings, value, where)
        case "theme", str():
            return with_theme(settings, value, f"{where}: theme")
        case "ascii", bool():
            return replace(settings, ascii=value)
        case "animation", bool():
            return replace(settings, animation=value)
        case "keys", dict():
            return _with_keys(settings, value, where)
        case _:
            notice = f"{where}: {name} = {value!r} is not possible; {_EXPECTED[name]}"
            if name in _RECORDING:
                return _refused(settings, f"{notice}, or leave the line out.")
            return replace(settings, notices=(*settings.notices, f"{notice}. The default is used."))


def _with_zone(settings: Settings, name: str, where: str) -> Settings:
    try:
        parse_zone(name)
    except ValueError as error:
        mended = f"Mend it, {_EXPECTED['timezone']}, or leave the line out."
        return _refused(settings, f"{where}: timezone: {visible(str(error))} {mended}")
    return replace(settings, timezone=name)


def _refused(settings: Settings, fault: str) -> Settings:
    return replace(settings, notices=(*settings.notices, fault), faults=(*settings.faults, fault))


_RECORDING = ("by", "timezone")
_EXPECTED = {
    "by": 'a name is text on one line: write who records in quotes, such as by = "Dr Ada Grey"',
    "timezone": 'write a zone in quotes, such as timezone = "Europe/Berlin"',
    "theme": 'write a name in quotes, such as theme = "light"',
    "ascii": "write true or false",
    "animation": "write true or false",
    "keys": 'write a table: [keys], then lines such as "panel.why" = "x"',
}


def _with_keys(settings: Settings, table: dict[str, object], where: str) -> Settings:
    """The keys as written, one `"id" = "key"` a line; a table inside, as an unquoted id makes, is joined."""
    keys: dict[str, str] = {}
    notices = list(settings.notices)
    for name, value in _flat(table).items():
        match value:
            case str():
                keys[name] = value
            case list() if value and all(isinstance(one, str) for one in value):
                keys[name] = ",".join(value)
            case _:
                notices.append(f'{where}: keys: {name} needs a key in quotes, such as "x". It was left out.')
    return replace(settings, keys=keys, notices=tuple(notices))


def _flat(table: Mapping[str, object]) -> dict[str, object]:
    """`panel.why = "x"` and `"panel.why" = "x"` mean the same."""
    found: dict[str, object] = {}
    for name, value in table.items():
        inner = _flat(value) if isinstance(value, dict) else None
        found |= {name: value} if inner is None else {f"{name}.{key}": one for key, one in inner.items()}
    return found


def _meant(name: str, names: tuple[str, ...]) -> str:
    close = nearest(name, list(names))
    return f"did you mean {close}" if close else f"there are {', '.join(names)}"
