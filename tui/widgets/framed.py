"""A widget below a title: the title, and that it has the focus, are to be seen on its first row alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from rich.text import Text
from textual.events import Blur, Focus
from textual.geometry import Region
from textual.widget import Widget


class Framed(Widget):
    """Another title or the focus has that row painted, and not the words below it: its style says no more."""

    _is_row_alone = False

    @contextmanager
    def _row_alone(self) -> Iterator[None]:
        self._is_row_alone = True
        try:
            yield
        finally:
            self._is_row_alone = False

    def entitle(self, title: str) -> None:
        """Show a title that is never read as markup."""
        with self._row_alone():
            self.border_title = Text(title)

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        if self._is_row_alone and repaint and not (regions or layout or recompose):
            row = Region(0, 0, self.outer_size.width, 1)
            return super().refresh(row.translate(-self.content_offset))
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def focus(self, scroll_visible: bool = True) -> Self:
        with self._row_alone():
            return super().focus(scroll_visible)

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Only its own style tells of it: the scroll bar, painted after any new style, is as it was."""
        bar = self._vertical_scrollbar
        waiting = bar._exchange_repaint_regions() if bar is not None else ()
        self.app.stylesheet.apply(self)
        if bar is not None:
            bar._exchange_repaint_regions()
            bar._repaint_regions.update(waiting)

    def _on_focus(self, event: Focus) -> None:
        event.prevent_default()
        with self._row_alone():
            Widget._on_focus(self, event)

    def _on_blur(self, event: Blur) -> None:
        event.prevent_default()
        with self._row_alone():
            Widget._on_blur(self, event)
