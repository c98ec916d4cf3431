"""Editing a pathway at one place, writing it out, and finding where its elements stand in the text."""

from __future__ import annotations

from typing import Any, cast

import yaml

from benchmarks.seeding.fault import Edit, Original, Path

_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def at(data: Any, path: Path) -> Any:
    """What stands at a path, or None."""
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def edited(original: Original, edit: Edit) -> dict[str, Any]:
    """The pathway with one place changed; everything else is kept."""
    return cast(dict[str, Any], _changed(original.data, edit.path, edit))


def _changed(part: Any, path: Path, edit: Edit) -> Any:
    here, rest = path[0], path[1:]
    copy: Any = dict(cast(Any, part)) if isinstance(part, dict) else list(part)
    if rest:
        copy[here] = _changed(copy[here], rest, edit)
    elif edit.removes:
        del copy[here]
    else:
        copy[here] = edit.value
    return copy


def written(data: Any) -> str:
    """A pathway as YAML text, one thing a line."""
    return yaml.dump(data, Dumper=_DUMPER, sort_keys=False, width=100_000, allow_unicode=True)


def lines_of(text: str, path: Path) -> tuple[int, int] | None:
    """The first and last line, from 1, of the element at a path; None where there is none."""
    node: Any = yaml.compose(text, Loader=_LOADER)
    first = 0
    for part in path:
        if isinstance(node, yaml.SequenceNode):
            items: list[Any] = node.value
            if not isinstance(part, int) or part >= len(items):
                return None
            node = items[part]
            first = node.start_mark.line
            continue
        pairs: list[Any] = node.value if isinstance(node, yaml.MappingNode) else []
        found = next(((key, value) for key, value in pairs if key.value == part), None)
        if found is None:
            return None
        first, node = found[0].start_mark.line, found[1]
    return first + 1, max(first + 1, _last(node))


def _last(node: Any) -> int:
    """The last line of a node; the end of a block lies at the beginning of what follows it."""
    if isinstance(node, yaml.ScalarNode):
        return node.end_mark.line + 1
    inner = [one for pair in node.value for one in (pair if isinstance(pair, tuple) else (pair,))]
    return max([node.start_mark.line + 1, *map(_last, inner)])
