"""A screen that stays in sight behind a box: where the box does not stand, nothing of it is painted again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Self

from textual.events import ScreenResume
from textual.geometry import Region
from textual.screen import Screen
from textual.scrollbar import ScrollBar
from textual.widget import Widget

from tui.painting import Painter
from tui.widgets.framed import Framed


class StayingScreen(Screen[None]):
    """What every screen here is. A box that opens or closes has all of the screen below it painted again.

    The terminal shows the rest of it already, so only what the box uncovers is.
    """

    _only: Collection[Region] | None = None  # while set, what is painted of a whole screen
    _uncovered: Collection[Region] = ()

    def __init__(self, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name, id, classes)
        self._compositor = Painter()

    @contextmanager
    def painting_only(self, regions: Collection[Region] = ()) -> Iterator[None]:
        """Whoever has all of the screen painted meanwhile has only these regions of it painted."""
        before, self._only = self._only, regions
        try:
            yield
        finally:
            self._only = before

    def uncover(self, regions: Collection[Region]) -> None:
        """Tell what a box leaves to be painted, before this screen knows that it is at the front again."""
        self._uncovered = (*self._uncovered, *regions)

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        if self._only is None or regions or layout or recompose or not repaint:
            return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        return super().refresh(*self._only) if self._only else self

    def _compositor_refresh(self) -> None:
        """Behind a box, what has changed is painted by the foremost screen, and told to it once."""
        if self.is_active or not self.is_current:
            self._take_late_changes()
            super()._compositor_refresh()
        elif self._compositor._dirty_regions:
            self.app.screen.refresh(*self._compositor._dirty_regions)
            self._compositor._dirty_regions.clear()
            self._dirty_widgets.clear()

    def _take_late_changes(self) -> None:
        """Scroll bars and titles follow what was laid out; they are painted with it, and not after it."""
        visible = self._compositor.visible_widgets
        late = (widget for widget in visible if isinstance(widget, ScrollBar | Framed))
        self._compositor.update_widgets({widget for widget in late if widget._repaint_regions})

    def set_focus(
        self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False
    ) -> None:
        """Which widget has the focus is to be seen on that widget, and not on the screen."""
        with self.painting_only():
            super().set_focus(widget, scroll_visible, from_app_focus)

    def _on_screen_resume(self, event: ScreenResume) -> None:
        if self._uncovered:
            event.prevent_default()
            with self.painting_only(self._uncovered):
                Screen._on_screen_resume(self, event)
            self._uncovered = ()
