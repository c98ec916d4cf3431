"""What may stand in a mapping file: the pydantic models that say how a foreign log is read, key by key."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from pathway.language.written import HyphenId, Identifier, Identifiers, NumberText, Text, Texts, Written

ISO = "iso"


def _listed(value: object) -> object:
    """Let a single text stand for a list of one."""
    return [value] if isinstance(value, str) else value


def _separator(value: object) -> object:
    """One character; a tab may be written as the word."""
    if value in ("tab", "\\t"):
        return "\t"
    if isinstance(value, str) and len(value) == 1 and value not in '"\r\n':
        return value
    raise ValueError("write one character such as ; or the word tab")


Separator = Annotated[str, BeforeValidator(_separator)]
Columns = Annotated[list[Text], BeforeValidator(_listed)]
Cells = Annotated[list[str], BeforeValidator(_listed)]


class Time(Written):
    """How the time of a row is written. Two columns, such as day and hour, are read with a blank between."""

    column: Columns
    format: Text = Field(
        ISO, description="`iso`, or such as %d.%m.%Y %H:%M; without %H a day means its 00:00."
    )
    timezone: Text = Field(description="Zone of times without an offset, and of every case.")
    fractions: Literal["refuse", "cut"] = Field(
        "refuse", description="What to do with a fraction of a second that is not zero."
    )


class Lifecycle(Written):
    """Which of the entries that one activity leaves (start, complete, ...) count."""

    column: Text
    keep: Cells = Field(description="Such as complete; an empty text stands for an empty cell.")


class Csv(Written):
    """How a CSV file is written."""

    separator: Separator = ","
    encoding: Literal["utf-8", "windows-1252", "iso-8859-1", "iso-8859-15"] = "utf-8"


class Activity(Written):
    """What a row of an activity says: deeds, refusals, its time as a fact, and facts that go with it."""

    done: Identifiers = Field([])
    declined: Identifiers = Field([])
    reason: Text | None = Field(None, description="Why, for `declined`.")
    time: Identifiers = Field([], description="Facts whose value is the time of the row.")
    facts: dict[Identifier, Text] = Field({})

    @model_validator(mode="after")
    def says_something(self) -> Activity:
        if not (self.done or self.declined or self.time or self.facts):
            raise ValueError("say what it means: done, declined, time or facts; or list it under `ignore`")
        if bool(self.declined) != (self.reason is not None):
            raise ValueError("declined and reason go together")
        return self


class Column(Written):
    """The fact that a column holds, with its unit and what its texts mean."""

    fact: Identifier
    unit: Text | None = Field(None, description="UCUM unit of the column; default: that of the fact.")
    factor: NumberText | None = Field(
        None, description="One of the column's unit is this many of the fact's; for units of another kind."
    )
    values: dict[str, Text] = Field({}, description="What each text of the column means for the fact.")
    on: Texts = Field([], description="Only on rows of these activities; default: on every row.")
    split: Text | None = Field(None, description="What stands between the members of a list.")


class WrittenMapping(Written):
    """A mapping file."""

    pathway: HyphenId
    title: Text | None = Field(None, description="Which log this is, and where it comes from.")
    case: Text = Field(description="The column of the case; in XES case:concept:name.")
    activity: Text = Field(description="The column of the activity; in XES concept:name.")
    by: Text | None = Field(None, description="The column that says who; default: nobody is named.")
    time: Time
    lifecycle: Lifecycle | None = None
    csv: Csv = Csv()
    decimal: Literal[".", ","] = "."
    empty: Cells = Field([], description="Texts that mean: nothing is entered here.")
    activities: dict[str, Activity]
    ignore: Texts = Field([], description="Activities that say nothing to this pathway.")
    columns: dict[str, Column] = Field({})
