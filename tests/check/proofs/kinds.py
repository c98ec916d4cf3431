"""A small pathway for each kind of finding: it has that one, and nothing else is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping

from pathway.language.definition import Definition
from pathway.language.load import definition_from_text

HEAD = """
pathway: kinds
version: 1.0.0
title: One thing wrong
status: draft
"""
FACTS = """
facts:
  lactate: {type: quantity, unit: mmol/L, range: [0, 30], step: 0.1}
  septic: {type: boolean}
actions:
  bolus: {title: Bolus, type: medication, takes: 10 min}
  culture: {title: Culture, type: order, takes: 30 min}
"""


def care(states: str, facts: str = FACTS, more: str = "") -> str:
    """One track of care that starts in `ward`."""
    indented = "\n".join(f"      {line}" for line in states.strip().splitlines())
    return f"{HEAD}{facts}tracks:\n  care:\n    start: ward\n    states:\n{indented}\n{more}"


ROUNDED = "home: {kind: end}"
BOTH = "{action: bolus, within: 1 h}, {action: culture, within: 1 h}"
DONE = f"next: [{{to: home, when: done(bolus) and done(culture)}}]}}\n{ROUNDED}"
ALL_READ = "\nnotices:\n  seen: {text: Sour., severity: low, when: lactate > 4 and septic}\n"


def acting(more: str, first: str = f"{BOTH}", then: str = DONE) -> str:
    """Two actions called for, and claims about them."""
    return care(f"ward: {{kind: action, do: [{first}], {then}", more=ALL_READ + more)


TIMED = FACTS.replace("actions:", "  arrived: {type: dateTime}\nactions:")
QUICK = (
    "ward: {kind: action, do: [{action: culture, within: 1 h}], next: [{to: unit, when: arrived is known}]}"
)


def timed(call: str, more: str = "", first: str = QUICK) -> str:
    """An action of which a claim says that it is done within half an hour of the patient's arrival."""
    claim = "claims:\n  soon: {within: {action: bolus, of: arrived, limit: 30 min}}\n"
    unit = f"unit: {{kind: action, do: [{call}], next: [{{to: home, when: done(bolus)}}]}}"
    return care(f"{first}\n{unit}\n{ROUNDED}", TIMED, ALL_READ + more + claim)


KINDS: Mapping[str, tuple[str, str]] = {
    "a gap between guards of a decision": (
        "gap",
        care(
            f"""
ward: {{kind: decision, do: [{BOTH}], next:
  [{{to: home, when: lactate < 2}}, {{to: unit, when: lactate > 2}}]}}
unit: {{kind: action, next: [{{to: home, when: done(bolus)}}]}}
{ROUNDED}""",
            more=ALL_READ,
        ),
    ),
    "a hole between values of an enquiry": (
        "gap",
        care(
            f"""
ward: {{kind: enquiry, do: [{BOTH}], next:
  [{{to: home, when: lactate < 2}}, {{to: unit, when: lactate > 2}}]}}
unit: {{kind: action, next: [{{to: home, when: done(bolus)}}]}}
{ROUNDED}""",
            more=ALL_READ,
        ),
    ),
    "a formula without a case for some": (
        "gap",
        care(
            f"ward: {{kind: action, do: [{BOTH}], {DONE}",
            FACTS.replace(
                "actions:",
                "  band: {type: code, values: [low, high],"
                " cases: [{when: lactate < 2, value: low}, {when: lactate > 2, value: high}]}\nactions:",
            ),
            "\nnotices:\n  seen: {text: Low., severity: low, when: band = low and septic}\n",
        ),
    ),
    "two ways open together": (
        "overlap",
        care(
            f"""
ward: {{kind: decision, do: [{BOTH}], next:
  [{{to: home, when: lactate <= 2}}, {{to: unit, when: lactate >= 2}}]}}
unit: {{kind: action, next: [{{to: home, when: done(bolus)}}]}}
{ROUNDED}""",
            more=ALL_READ,
        ),
    ),
    "a way that nothing opens": (
        "dead-guard",
        care(
            f"""
ward:
  kind: decision
  do: [{BOTH}]
  next:
    - {{to: home, when: septic}}
    - {{to: home, when: not septic and lactate >= 0}}
    - {{to: home, when: lactate > 30}}
{ROUNDED}"""
        ),
    ),
    "a safeguard that always holds": (
        "always-true",
        acting(
            "safeguards:\n  any: {action: bolus, when: septic is known or septic is unknown, effect: warn}\n"
        ),
    ),
    "a state that no case reaches": (
        "unreachable",
        care(f"ward: {{kind: action, do: [{BOTH}], {DONE}\nattic: {{kind: end}}", more=ALL_READ),
    ),
    "a state with no way out": (
        "dead-end",
        care(
            f"ward: {{kind: action, do: [{BOTH}],"
            " next: [{to: pit, when: done(bolus) and done(culture)}]}\npit: {kind: action}",
            more=ALL_READ,
        ),
    ),
    "a state that a deed shuts for good": (
        "dead-end",
        care(
            f"ward: {{kind: action, do: [{BOTH}],"
            f" next: [{{to: home, when: not done(bolus) and septic}}]}}\n{ROUNDED}",
            more="\nnotices:\n  seen: {text: Sour., severity: low, when: lactate > 4}\n",
        ),
    ),
    "tracks that wait for each other": (
        "deadlock",
        care(
            f"""
ward: {{kind: action, do: [{BOTH}], next: [{{to: left, when: done(bolus)}}]}}
left: {{kind: enquiry, next: [{{to: home, when: in(other.gone)}}]}}
{ROUNDED}""",
            more="""  other:
    start: begun
    states:
      begun: {kind: action, next: [{to: held, when: done(culture)}]}
      held: {kind: enquiry, next: [{to: gone, when: in(care.home)}]}
      gone: {kind: end}
"""
            + ALL_READ,
        ),
    ),
    "a track that another leaves behind": (
        "dead-end",
        care(
            f"""
ward: {{kind: action, do: [{BOTH}], next: [{{to: left, when: done(bolus)}}]}}
left: {{kind: enquiry, next: [{{to: home, when: in(other.here)}}]}}
{ROUNDED}""",
            more="""  other:
    start: here
    states:
      here: {kind: action, next: [{to: gone, when: done(culture)}]}
      gone: {kind: end}
"""
            + ALL_READ,
        ),
    ),
    "ways that go round": (
        "auto-cycle",
        care(
            f"""
ward: {{kind: decision, do: [{BOTH}], next:
  [{{to: unit, when: lactate >= 2}}, {{to: home, when: lactate < 2}}]}}
unit: {{kind: decision, next: [{{to: ward, when: lactate >= 3}}, {{to: home, when: lactate < 3}}]}}
{ROUNDED}""",
            more=ALL_READ,
        ),
    ),
    "a fact that may never arrive": (
        "input-never-arrives",
        care(
            f"""
ward: {{kind: action, do: [{BOTH}], next: [{{to: unit, when: done(bolus) and done(culture)}}]}}
unit: {{kind: enquiry, next: [{{to: home, when: septic}}, {{to: far, when: not septic}}]}}
far: {{kind: end}}
{ROUNDED}""",
            more="\nnotices:\n  seen: {text: Sour., severity: low, when: lactate > 4}\n",
        ),
    ),
    "only, where no guard says so": (
        "claim-refuted",
        acting("claims:\n  sour_only: {only: bolus, when: lactate > 4}\n"),
    ),
    "only, where an override lifts the safeguard": (
        "claim-refuted",
        acting(
            "safeguards:\n  sweet: {action: bolus, when: lactate <= 4, effect: block, override: specialist}\n"
            "claims:\n  sour_only: {only: bolus, when: lactate > 4}\n"
        ),
    ),
    "never": ("claim-refuted", acting("claims:\n  not_both: {never: done(bolus) and septic}\n")),
    "always": ("claim-refuted", acting("claims:\n  then: {always: done(bolus) implies done(culture)}\n")),
    "an action before another": (
        "claim-refuted",
        acting("claims:\n  first: {before: [culture, bolus]}\n"),
    ),
    "an action before a state": (
        "claim-refuted",
        acting(
            "claims:\n  first: {before: [culture, care.home]}\n",
            then=f"next: [{{to: home, when: done(bolus)}}]}}\n{ROUNDED}",
        ),
    ),
    "within, due too late": ("claim-refuted", timed("{action: bolus, within: 2 h, of: arrived}")),
    "within, without a deadline": ("claim-refuted", timed("{action: bolus}")),
    "within, held for a fact": (
        "claim-refuted",
        timed(
            "{action: bolus, within: 30 min, of: arrived}",
            "safeguards:\n  dry: {action: bolus, when: lactate <= 4, effect: block}\n",
        ),
    ),
    "within, on a slow way": (
        "claim-refuted",
        timed(
            "{action: bolus, within: 30 min, of: arrived}",
            first="ward: {kind: action, do: [{action: culture, within: 1 h}],"
            " next: [{to: unit, when: done(culture), auto: true}]}",
        ),
    ),
    "within, on a slow way that is confirmed": (
        "claim-refuted",
        timed(
            "{action: bolus, within: 30 min, of: arrived}",
            first="ward: {kind: action, do: [{action: culture, within: 1 h}],"
            " next: [{to: unit, when: done(culture)}]}",
        ),
    ),
    "within, where a case can wait": (
        "claim-refuted",
        timed(
            "{action: bolus, within: 30 min, of: arrived}",
            first="ward: {kind: action, do: [{action: culture, within: 1 h}],"
            " next: [{to: unit, when: done(culture) and septic}]}",
        ),
    ),
    "a claim about what never comes": (
        "vacuous",
        acting("claims:\n  none: {never: lactate > 30 and septic}\n"),
    ),
}


def kind(name: str) -> tuple[str, Definition]:
    """The code that is expected, and the pathway."""
    code, text = KINDS[name]
    return code, definition_from_text(text)
