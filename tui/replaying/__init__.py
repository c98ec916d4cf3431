"""The replay screen: a log shown event by event, read only, with what each event changed and why."""
