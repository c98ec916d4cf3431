"""What if, in one line: facts and deeds supposed together, and what would be different then."""

from __future__ import annotations

from pathway.engine.batch import Batch, DeedEntry, FactEntry, Retraction
from tui.commands import action_named, fact_named, first_word, value_and_time
from tui.entering import Pen, past_time, read_fact
from tui.lines import Line, Tone, heading
from tui.session import entry_error
from tui.sitting import Sitting
from tui.what_if.supposed import BANNER, SupposedCase

FORM = "whatif FACT VALUE; done ACTION; ..."


def what_if_lines(sitting: Sitting, rest: str) -> list[Line]:
    """What would be different if all that is written held. Raises EntryError; nothing is ever recorded."""
    supposed = SupposedCase(sitting.session)
    Sitting(supposed, sitting.clock, sitting.by).record(_batch(sitting, rest))
    return [
        heading(BANNER),
        *supposed.supposed_lines(),
        *supposed.difference(),
        Line("That was WHAT IF: nothing was recorded, the case stands as before.", tone=Tone.STRONG),
    ]


def _batch(sitting: Sitting, rest: str) -> Batch:
    parts = [part.strip() for part in rest.split(";") if part.strip()]
    if not parts:
        raise entry_error(f"Suppose what? Write: {FORM}")
    pen = sitting.pen()
    entries = [_entry(sitting, part, pen) for part in parts]
    return pen.batch(
        facts=tuple(entry for entry in entries if isinstance(entry, FactEntry)),
        retracted=tuple(entry for entry in entries if isinstance(entry, Retraction)),
        done=tuple(entry for entry in entries if isinstance(entry, DeedEntry)),
    )


def _entry(sitting: Sitting, part: str, pen: Pen) -> FactEntry | Retraction | DeedEntry:
    word, value = first_word(part, "fact", FORM)
    if word == "done" and word not in sitting.definition.facts:
        name, when = first_word(value, "action", FORM)
        return DeedEntry(action_named(sitting.definition, name), past_time(when or "now", pen))
    name = fact_named(sitting.definition, word)
    if not value:
        raise entry_error(f"Which value of {name}? Write: {FORM}")
    typed, when = value_and_time(value)
    fact = sitting.definition.facts[name]
    reasoned = f"{typed} not_asked" if typed.lower() in ("unknown", "u", "?") else typed
    return read_fact(fact, reasoned, when, pen)
