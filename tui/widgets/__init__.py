"""The widgets of the case screen: they show lines and post what was chosen; none of them decides."""
