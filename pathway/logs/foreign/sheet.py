"""A mapping file as a sheet to write remarks on: where each part stands, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import ValidationError

from pathway.language.nodes import Mapping, Node, Scalar, Sequence, plain
from pathway.language.problems import Place, Problem, nearest
from pathway.language.refusals import DataPath, refusals, say
from pathway.logs.foreign.written import WrittenMapping

CODE = "mapping"


class Sheet:
    """The parts of a mapping file with their places, and the problems found so far."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self._places = {path: (key, value.place) for path, key, value in _parts(root)}
        self._empty = {path for path, _, value in _parts(root) if isinstance(value, Scalar) and value.is_null}
        for path in self._empty:
            fix = 'Say what it is, or leave the key out; quote "NULL" where the word is meant'
            self.refuse(path, f"{say(path)} has no value", fix, key=True)

    def refuse(self, path: DataPath, text: str, fix: str, *, key: bool = False) -> None:
        """Remark on a part, or on its key; on the nearest part around it when it is absent."""
        while path and path not in self._places:
            path, key = path[:-1], True
        place = self._places[path][0 if key else 1]
        self.problems.append(Problem(place, text.replace(say(()), "this mapping"), fix, CODE))

    def named(self, path: DataPath, name: str, known: Iterable[str], what: str, *, key: bool = False) -> bool:
        """Whether a name of the pathway is known; where it is not, a remark with the nearest one."""
        names = tuple(known)
        if name in names:
            return True
        near = nearest(name, names)
        fix = f"Did you mean `{near}`?" if near else f"`pathway show` lists every {what}"
        self.refuse(path, f"There is no {what} `{name}`", fix, key=key)
        return False

    def written(self) -> WrittenMapping | None:
        """The model of the file, or None after its refusals were written down."""
        data = plain(self.root)
        try:
            return WrittenMapping.model_validate(data, by_alias=True, by_name=False)
        except ValidationError as error:
            for refusal in refusals(error, data, WrittenMapping):
                if refusal.path not in self._empty:
                    self.refuse(refusal.path, refusal.text, refusal.fix, key=refusal.at_key)
            return None


def _parts(root: Node) -> Iterator[tuple[DataPath, Place, Node]]:
    """Every part with its path and the place of its key (its own where it has none)."""
    left: list[tuple[DataPath, Place, Node]] = [((), root.place, root)]
    while left:
        path, key_place, node = left.pop()
        yield path, key_place, node
        if isinstance(node, Mapping):
            left.extend(((*path, key.text), key.place, value) for key, value in node.entries)
        elif isinstance(node, Sequence):
            left.extend(((*path, number), item.place, item) for number, item in enumerate(node.items))
