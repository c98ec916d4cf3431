"""How the replay screen is laid out: its keys, its styles in a small and a wide window, its panels."""

from __future__ import annotations

from textual.binding import Binding

from tui.replaying.going import FORMS
from tui.replaying.playing import SPEEDS

PANELS = (
    (
        "main",
        (
            ("changed", "What changed", "replay.changed"),
            ("reasons", "Why", "replay.reasons"),
            ("states", "States", "replay.states"),
        ),
    ),
    ("middle", (("actions", "Actions", "replay.actions"), ("timers", "Due times", "replay.timers"))),
    (
        "right",
        (
            ("warnings", "Warnings", "replay.warnings"),
            ("facts", "Facts", "replay.facts"),
            ("events", "Log", "replay.events"),
        ),
    ),
)
STYLES = """
ReplayScreen #replay-head { height: 4; background: #1F2A37; color: #FFFFFF; text-style: bold; }
ReplayScreen #replay-judgement { max-height: 5; }
ReplayScreen #replay-event { height: auto; max-height: 4; border-top: solid $rule; padding: 0 1; }
ReplayScreen #replay-event { border-title-color: $words; border-title-style: bold; }
ReplayScreen #replay-event LineView { height: auto; }
ReplayScreen #replay-tracks { padding: 0 1; }
ReplayScreen #replay-panels { background: #2B3848; color: #FFFFFF; }
ReplayScreen #replay-body { height: 1fr; layout: vertical; }
ReplayScreen #replay-columns { height: 1fr; layout: vertical; }
ReplayScreen .column { width: 1fr; height: 1fr; }
ReplayScreen.-normal .panel { display: none; height: 1fr; }
ReplayScreen.-normal .panel.-shown { display: block; }
ReplayScreen.-normal .column { display: none; }
ReplayScreen.-normal .column.-shown { display: block; }
ReplayScreen.-normal #replay-columns.-hidden { display: none; }
ReplayScreen.-normal .-full #replay-event, ReplayScreen.-normal .-full #replay-tracks { display: none; }
ReplayScreen.-wide #replay-columns { layout: horizontal; }
ReplayScreen.-wide #replay-tracks, ReplayScreen.-wide #replay-panels { display: none; }
ReplayScreen.-wide #replay-middle, ReplayScreen.-wide #replay-right { border-left: solid $rule; }
ReplayScreen.-wide .panel { height: auto; min-height: 3; max-height: 45%; }
ReplayScreen.-wide #panel-states, ReplayScreen.-wide #panel-events { height: 1fr; max-height: 100%; }
ReplayScreen.-wide #panel-actions { max-height: 65%; }
ReplayScreen.-wide #panel-changed { max-height: 35%; }
ReplayScreen.-wide #panel-warnings, ReplayScreen.-wide #panel-facts { max-height: 30%; }
ReplayScreen.-wide #panel-other { height: 35%; max-height: 35%; }
"""


def _key(key: str, action: str, description: str, id: str, about: str = "", show: bool = False) -> Binding:
    return Binding(
        key, action, description, show, id=f"replay.{id}", priority=True, tooltip=about or description
    )


KEYS: tuple[Binding, ...] = (
    _key("left_square_bracket", "event(-1)", "Back", "back", "one event back", True),
    _key("right_square_bracket", "event(1)", "On", "on", "one event on", True),
    _key("left_curly_bracket", "decision(-1)", "Decision back", "decision_back", "one decision back"),
    _key("right_curly_bracket", "decision(1)", "Decision", "decision_on", "one decision on", True),
    _key("left", "event(-1)", "Back", "left", "one event back"),
    _key("right", "event(1)", "On", "right", "one event on"),
    _key("home", "first", "First event", "first"),
    _key("end", "last", "Last event", "last"),
    _key("g", "go", "Time", "go", f"go to a time: {FORMS}", True),
    _key("slash", "find", "Find", "find", "find words in the events", True),
    _key("n", "again(1)", "Find next", "again", "the next event with these words"),
    _key("p", "again(-1)", "Find before", "again_back", "the event before with these words"),
    _key("space", "play", "Play", "play", "play and pause", True),
    *(
        _key(str(index), f"speed({speed})", f"Speed {speed}x", f"speed_{speed}", f"play {speed}x of log time")
        for index, speed in enumerate(SPEEDS, 1)
    ),
    _key("x", "diverge", "First difference", "diverge", "the first divergence, or difference", True),
    _key("d", "nonconforming", "First divergence", "nonconforming", "the first event that does not follow"),
    _key("c", "panel('changed')", "What changed", "changed", "what this event changed"),
    _key("w", "panel('reasons')", "Why", "reasons", "the guard of this event, with its values"),
    _key("s", "panel('states')", "States", "states"),
    _key("a", "panel('actions')", "Actions", "actions", "actions with standing and dose"),
    _key("t", "panel('timers')", "Due times", "timers"),
    _key("exclamation_mark", "panel('warnings')", "Warnings", "warnings"),
    _key("f", "panel('facts')", "Facts", "facts"),
    _key("e", "panel('events')", "Events", "events", "the events around this one"),
    _key("o", "panel('other')", "Other version", "other", "beside the other version"),
    _key("pageup", "page(-1)", "Page up", "page_up"),
    _key("pagedown", "page(1)", "Page down", "page_down"),
)
