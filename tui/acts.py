"""What may be said of an action in its box: first the answers that it waits for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pathway.engine import events as ev
from pathway.engine.view import ActionView, View
from pathway.language.definition import Definition
from tui.choices import find_action
from tui.fact_forms import fact_form
from tui.forms import Act, deeds

MOST_ANSWERS = 4


def acts(
    definition: Definition, view: View, name: str, now: int, events: Sequence[ev.Event] = ()
) -> tuple[Act, ...]:
    """The missing facts of a held action, then done, declined, overridden. `events` tell lapsed values."""
    action = find_action(view, name)
    missing = waited_for(definition, action) if action is not None else []
    answers = [
        Act(f"answer {fact}", words, fact_form(definition, view, fact, now, events))
        for fact, words in zip(missing, _asked(definition, missing), strict=False)
    ]
    return (*answers, *deeds(definition, view, name, now))


def _asked(definition: Definition, missing: list[str]) -> list[str]:
    """The first few questions; the last of them counts the others, which come up once these are answered."""
    words = [f"Answer: {definition.facts[fact].ask}" for fact in missing[:MOST_ANSWERS]]
    left = len(missing) - len(words)
    return [*words[:-1], f"{words[-1]} (and {left} more after these)"] if left else words


def waited_for(definition: Definition, action: ActionView) -> list[str]:
    """The facts that a held action waits for, those first that most of what holds it waits for.

    One that everything waits for can release the action alone; of equals it is the order of the pathway.
    """
    if action.standing != "held":
        return []
    holding = [guard.reason.needs for guard in action.safeguards if guard.standing == "holds"]
    counted = Counter(need for needs in holding for need in needs)
    waited = [need for need, _ in counted.most_common()] + [
        need for need in action.needs if need not in counted
    ]
    return [need for need in dict.fromkeys(waited) if definition.facts[need].recordable]
