"""Cases on a little pathway, stepped at random by a seed, and what was acknowledged of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from random import Random

from pathway.engine.batch import Batch, DeedEntry, FactEntry, OverrideEntry
from pathway.engine.compiled import CompiledPathway
from pathway.engine.compiling import compile_pathway
from pathway.language.load import definition_from_text
from pathway.store.heads import Noted
from pathway.store.session import Session
from pathway.store.tabled import TabledStore

OPENED = 1_772_352_000  # 2026-03-01 08:00 UTC
MINUTE = 60
WARD = """
pathway: ward
version: 1.0.0
title: Ward
status: draft
facts:
  platelet_count: {type: quantity, unit: 10*9/L, range: [0, 3000], step: 0.1, valid_for: 24 h}
  inr: {type: quantity, unit: "1", range: [0.5, 20], step: 0.01}
  septic: {type: boolean}
  lactate: {type: quantity, unit: mmol/L, range: [0, 30], step: 0.1}
actions:
  puncture: {title: Puncture, type: procedure}
safeguards:
  platelets: {action: puncture, when: platelet_count < 40, effect: block, override: specialist}
tracks:
  care:
    start: ward
    states:
      ward: {kind: decision, do: [{action: puncture}], next: [{to: unit, when: septic, auto: true}]}
      unit: {kind: decision, next: [{to: ward, when: not septic, auto: true}]}
"""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A call returned: the case has so many events, and the hash of its last line is `head`."""

    case: str
    events: int
    head: str


@cache
def ward() -> CompiledPathway:
    return compile_pathway(definition_from_text(WARD))


def opened(store: TabledStore, case_id: str, timezone: str = "UTC") -> Session:
    """A new case in the store."""
    session, _ = Session.open_new(
        store, ward(), case_id, at=OPENED, by="a", recorded_at=OPENED, timezone=timezone, label="bed 4"
    )
    return session


def said(session: Session) -> Acknowledged:
    """What may be relied upon now that a call of the session has returned."""
    return Acknowledged(session.id, len(session.events), session.head)


def entry(now: int, chance: Random) -> Batch:
    """Something to record a minute later."""
    at = now + MINUTE
    facts = (
        FactEntry("platelet_count", f"{chance.randrange(3000)}"),
        FactEntry("inr", f"{chance.randrange(50, 2000) / 100:.2f}"),
        FactEntry("septic", chance.choice(("true", "false"))),
        FactEntry("lactate", f"{chance.randrange(30)}.{chance.randrange(10)}"),
    )
    kinds: tuple[Callable[[], Batch], ...] = (
        lambda: Batch(at, "a", at, facts=tuple(chance.sample(facts, chance.randint(1, 4)))),
        lambda: Batch(at, "b", at, notes=("seen " * chance.randint(1, 9),)),
        lambda: Batch(at, "a", at, done=(DeedEntry("puncture"),)),
        lambda: Batch(at, "a", at, overrides=(OverrideEntry("agreed", action="puncture"),)),
        lambda: Batch(at, "b", at, undo=True),
    )
    return chance.choices(kinds, (6, 4, 1, 1, 1))[0]()


def missing(store: TabledStore, told: Iterable[Acknowledged]) -> list[Acknowledged]:
    """What was acknowledged and is not in the store as it was; a hash speaks for all lines before it."""
    logs: dict[str, list[bytes]] = {}
    lost: list[Acknowledged] = []
    for one in told:
        if one.case not in logs:
            logs[one.case] = store.lines(one.case).splitlines() if store.exists(one.case) else []
        lines = logs[one.case]
        if len(lines) <= one.events or f'"hash":"{one.head}"'.encode() not in lines[one.events]:
            lost.append(one)
    return lost


def head_of(store: TabledStore) -> Noted | None:
    """The head of a whole store, as an exported checkpoint has it."""
    with store.tables.reading() as rows:
        first, last = rows.step(1), rows.last_step()
    return None if first is None or last is None else Noted(first.seal, last.number, last.seal)
