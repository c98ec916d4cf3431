"""The hand-over of a case from one person to the next: as values, as Markdown and as one HTML page."""
