"""Reading what an entry of a vignette expects: names checked against the definition, values exact."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import tzinfo

from pathway.language.calendar import parse_instant
from pathway.language.definition import Definition
from pathway.language.nodes import Mapping, Node, Scalar, Sequence
from pathway.language.problems import Problem, visible
from pathway.vignettes.names import ACTION, FACT, SAFEGUARD, SOURCE, STATE, TRACK, WARNING, Names, fix_of
from pathway.vignettes.values import Refuse, read_dose, read_fact, read_schedule
from pathway.vignettes.vignette import NOT, ONLY, Expectation, Expected

# Keys that hold names, and of what; each may also stand under `not` and `only`.
LISTS: dict[str, str] = {
    "taken": STATE, "open": STATE, "waiting": STATE, "recommended": ACTION, "outstanding": ACTION,
    "overridden": ACTION, "held": ACTION, "blocked": ACTION, "done": ACTION, "declined": ACTION,
    "warnings": WARNING, "needs": FACT,
}  # fmt: skip
# Of these, those that may say for each name what is among its reasons.
DETAILS = {"waiting": (FACT,), "held": (FACT, SAFEGUARD), "blocked": (SAFEGUARD, SOURCE)}
# Keys that map names to one value each.
VALUES: dict[str, str] = {
    "states": TRACK, "phases": TRACK, "due": ACTION, "urgency": ACTION, "severity": WARNING,
    "doses": ACTION, "schedule": ACTION, "facts": FACT,
}  # fmt: skip
WORDS = {"urgency": ("ok", "soon", "late", "met"), "severity": ("high", "medium", "low", "info")}
KEYS = (*VALUES, *LISTS, "refused", "next_change_at", NOT, ONLY)
NONE = "none"
EMPTY = "`{}` is empty: it could never fail"


@dataclass(slots=True)
class ExpectReader:
    """Reads `expect:` mappings of one vignette; what is wrong collects in `problems`."""

    definition: Definition
    names: Names
    zone: tzinfo
    problems: list[Problem] = field(default_factory=list[Problem])

    def refuse(self, node: Node, text: str, fix: str = "") -> None:
        self.problems.append(Problem(node.place, text, fix, "vignette"))

    def entry(self, node: Node) -> tuple[Expectation, ...]:
        """All that one entry expects, in written order."""
        found: list[Expectation] = []
        for key, value in self._known(node, "expect", KEYS):
            if key.text in (NOT, ONLY):
                for inner, names in self._known(value, key.text, tuple(LISTS)):
                    found += self._never(inner, names) if key.text == NOT else self._exactly(inner, names)
            else:
                found += self._plain(key, value)
        return tuple(found)

    # --- pieces ---------------------------------------------------------------------------------
    def _entries(self, node: Node, what: str) -> tuple[tuple[Scalar, Node], ...]:
        if not isinstance(node, Mapping):
            self.refuse(node, f"`{what}` is a mapping of names to values", "Write {name: value}")
            return ()
        if not node.entries:
            self.refuse(node, EMPTY.format(what), "Say what is expected, or leave it out")
        return node.entries

    def _known(self, node: Node, what: str, known: tuple[str, ...]) -> Iterator[tuple[Scalar, Node]]:
        for key, value in self._entries(node, what):
            if key.text in known:
                yield key, value
            else:
                self.refuse(key, f"`{what}` has no key `{visible(key.text)}`", fix_of(key.text, known))

    def text(self, node: Node, what: str) -> str | None:
        """One text; None, and refused, where there is none."""
        if isinstance(node, Scalar) and not node.is_null:
            return node.text
        self.refuse(node, f"`{what}` takes one value", f"Write {what}: VALUE")
        return None

    def _list(self, node: Node, what: str, empty: bool = False) -> tuple[Scalar, ...]:
        """The scalars of a list of names; an empty one only where that says something."""
        if not isinstance(node, Sequence):
            self.refuse(node, f"`{what}` is a list of names", f"Write {what}: [name, ...]")
            return ()
        if not node.items and not empty:
            self.refuse(node, EMPTY.format(what), "Name what is expected, or leave it out")
        items = [item for item in node.items if self.text(item, what) is not None]
        found = {item.text: item for item in items if isinstance(item, Scalar)}
        if len(found) < len(items):
            self.refuse(node, f"`{what}` names something twice", "Name each once")
        return tuple(found.values())

    def _named(self, node: Scalar, *kinds: str) -> bool:
        fault = self.names.fault(node.text, kinds)
        if fault is not None:
            self.refuse(node, *fault)
        return fault is None

    # --- keys -----------------------------------------------------------------------------------
    def _plain(self, key: Scalar, node: Node) -> Iterator[Expectation]:
        if key.text == "next_change_at":
            found = self._instant(node, key.text)
            if not isinstance(found, _Nothing):
                yield Expectation(key.text, "", found, key.place, _written(node))
        elif key.text == "refused":
            for word in self._list(node, key.text):
                yield Expectation(key.text, word.text, None, word.place, word.text)
        elif key.text in VALUES:
            yield from self._values(key.text, node)
        elif key.text in DETAILS and isinstance(node, Mapping):
            yield from self._detailed(key.text, node)
        else:
            for name in self._list(node, key.text):
                if self._named(name, LISTS[key.text]):
                    yield Expectation(key.text, name.text, (), name.place, "")

    def _detailed(self, key: str, node: Mapping) -> Iterator[Expectation]:
        for name, details in self._entries(node, key):
            among = self._list(details, f"{key}: {name.text}")
            good = [self._named(detail, *DETAILS[key]) for detail in among]
            if self._named(name, LISTS[key]) and all(good):
                wanted = tuple(detail.text for detail in among)
                for detail in among:
                    self._guards(key, name.text, detail)
                yield Expectation(key, name.text, wanted, name.place, ", ".join(wanted))

    def _guards(self, key: str, action: str, detail: Scalar) -> None:
        """Refuse a safeguard that is none of the action's."""
        safeguard = self.definition.safeguards.get(detail.text) if key != "waiting" else None
        if safeguard is not None and action not in safeguard.actions:
            own = [one.name for one in self.definition.safeguards.values() if action in one.actions]
            fix = f"Its safeguards are: {', '.join(own)}" if own else f"{action} has no safeguard"
            self.refuse(detail, f"`{detail.text}` is no safeguard of {action}", fix)

    def _never(self, key: Scalar, node: Node) -> Iterator[Expectation]:
        for name in self._list(node, f"{NOT}: {key.text}"):
            if self._named(name, LISTS[key.text]):
                yield Expectation(key.text, name.text, (), name.place, "", NOT)

    def _exactly(self, key: Scalar, node: Node) -> Iterator[Expectation]:
        names = self._list(node, f"{ONLY}: {key.text}", empty=True)
        good = [self._named(name, LISTS[key.text]) for name in names]
        if all(good) and isinstance(node, Sequence):
            wanted = tuple(name.text for name in names)
            yield Expectation(key.text, "", wanted, key.place, ", ".join(wanted) or "nothing", ONLY)

    def _values(self, key: str, node: Node) -> Iterator[Expectation]:
        for name, value in self._entries(node, key):
            if not self._named(name, VALUES[key]):
                continue
            found = self._value(key, name.text, value)
            if not isinstance(found, _Nothing):
                yield Expectation(key, name.text, found, name.place, _written(value))

    # --- values ---------------------------------------------------------------------------------
    def _value(self, key: str, name: str, node: Node) -> Expected | _Nothing:
        """The value expected of a name, or nothing where it was refused."""
        readers: dict[str, Callable[[Node, str, Refuse], Expected]] = {
            "doses": lambda value, action, refuse: read_dose(
                value, self.definition.actions[action], self.names, refuse
            ),
            "schedule": lambda value, action, refuse: read_schedule(
                value, self.definition.actions[action], refuse
            ),
            "facts": lambda value, fact, refuse: read_fact(
                value, self.definition.facts[fact], self.zone, refuse
            ),
        }
        if key in readers:
            before = len(self.problems)
            found = readers[key](node, name, self.refuse)
            return found if len(self.problems) == before else NOTHING
        if key == "due":
            return self._instant(node, name)
        return self._word(key, name, node)

    def _word(self, key: str, name: str, node: Node) -> Expected | _Nothing:
        word = self.text(node, name)
        if word is None:
            return NOTHING
        known = WORDS[key] if key in WORDS else self._of_track(key, name)
        if word in known:
            return word
        self.refuse(node, f"`{visible(word)}` is no {_ONE_OF[key]} of {name}", fix_of(word, known))
        return NOTHING

    def _of_track(self, key: str, track: str) -> tuple[str, ...]:
        states = self.definition.tracks[track].states
        if key == "states":
            return tuple(states)
        return tuple(dict.fromkeys(state.phase for state in states.values() if state.phase is not None))

    def _instant(self, node: Node, what: str) -> int | _Nothing | None:
        text = self.text(node, what)
        if text is None:
            return NOTHING
        if text == NONE:
            return None
        try:
            return parse_instant(text, self.zone)
        except ValueError as error:
            self.refuse(node, str(error), f"Or write `{NONE}` where there is no such time")
            return NOTHING


_ONE_OF = {"states": "state", "phases": "phase", "urgency": "urgency", "severity": "severity"}


class _Nothing:
    """What a refused value comes to, since None means `none`."""


NOTHING = _Nothing()


def _written(node: Node) -> str:
    """A value as it was written, on one line."""
    if isinstance(node, Mapping):
        return "{" + ", ".join(f"{key.text}: {_written(each)}" for key, each in node.entries) + "}"
    if isinstance(node, Sequence):
        return "[" + ", ".join(_written(each) for each in node.items) + "]"
    return node.text
