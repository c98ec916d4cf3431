"""The panels of the case screen and its keys, each with the id by which a user rebinds it."""

from __future__ import annotations

from textual.binding import Binding, BindingType

PANELS = (
    ("main", (("actions", "Actions", "panel.actions"),)),
    (
        "middle",
        (
            ("why", "Why", "panel.why"),
            ("warnings", "Warnings", "panel.warnings"),
            ("map", "Map", "panel.map"),
            ("log", "Path and log", "panel.log"),
        ),
    ),
    (
        "right",
        (
            ("timers", "Due times", "panel.timers"),
            ("missing", "What is missing", "panel.missing"),
            ("facts", "Facts", "panel.facts"),
        ),
    ),
)


def _key(key: str, action: str, description: str, id: str) -> Binding:
    """A binding that is dealt with in the order of typing, before the next key is looked at."""
    return Binding(key, action, description, show=False, id=id, priority=True)


KEYS: list[BindingType] = [
    _key("w", "panel('why')", "Why", "panel.why"),
    _key("m", "panel('missing')", "Missing", "panel.missing"),
    _key("f", "panel('facts')", "Facts", "panel.facts"),
    _key("a", "panel('actions')", "Actions", "panel.actions"),
    _key("l", "panel('log')", "Log", "panel.log"),
    _key("t", "panel('timers')", "Due times", "panel.timers"),
    _key("exclamation_mark", "panel('warnings')", "Warnings", "panel.warnings"),
    _key("pageup", "page(-1)", "Page up", "panel.up"),
    _key("pagedown", "page(1)", "Page down", "panel.down"),
    _key("g", "panel('map')", "Map", "panel.map"),
    _key("y", "nearest", "What would change it", "case.nearest"),
    _key("b", "browse", "Browse the pathway", "case.browse"),
    _key("h", "handover", "Hand over", "case.handover"),
    _key("x", "what_if", "What if", "case.what_if"),
    _key("c", "correct", "Correct", "case.correct"),
    _key("r", "record", "Record", "case.record"),
    _key("o", "override", "Override", "case.override"),
    _key("u", "undo", "Undo", "case.undo"),
    _key("n", "note", "Note", "case.note"),
    _key("k", "acknowledge", "Acknowledge", "case.acknowledge"),
    _key("e", "close_case", "Close", "case.close"),
    _key("enter", "commit", "Commit", "case.commit"),
    _key("backspace,escape", "clear", "Clear, back", "case.clear"),
    _key("question_mark", "app.help", "Help", "app.help"),
    _key("q", "app.quit", "Quit", "app.leave"),
    *(_key(digit, f"digit('{digit}')", f"Answer {digit}", f"case.digit_{digit}") for digit in "0123456789"),
]
