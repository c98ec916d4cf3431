"""The numbers that stand for kinds of events, verdicts and operations in bulk logs and tables."""

from __future__ import annotations

# --- kinds of events, in the order in which they stand inside a batch (rule 15) -------------------
OPENED, UNDONE, RETRACTED, RECORDED, DONE, DECLINED = range(6)
OVERRIDDEN, ACKNOWLEDGED, NOTED, PASSED, TAKEN, CLOSED, OTHER = range(6, 13)
KIND_NAMES = (
    "case_opened", "undone", "fact_retracted", "fact_recorded", "action_done", "action_declined",
    "overridden", "acknowledged", "note_added", "time_passed", "transition_taken", "case_closed", "other",
)  # fmt: skip

# --- verdicts: `and` is the least, `or` the greatest, `not` is 2 - v ------------------------------
NO, UNSURE, YES = 0, 1, 2

# --- what is known of a fact ----------------------------------------------------------------------
ABSENT, KNOWN, UNKNOWN = 0, 1, 2

# --- operations of a guard's program ----------------------------------------------------------------
# pushing what is read
VERDICT, NUMBER, FACT_TRUTH, FACT_WHOLE, FACT_NUMBER, FACT_AGAINST, FACT_AMONG, NOW, TODAY, FACT_KNOWN = (
    range(10)
)
# reckoning
PLUS, MINUS, TIMES, OVER, LEAST, GREATEST = range(10, 16)
# time
LATER_SECONDS, LATER_MONTHS, LATER_DAYS, BETWEEN_DATES, SINCE, DAYS_SINCE, MONTHS_SINCE, DATE_OF = range(
    20, 28
)
# conditions on values
COMPARE, SAME_TRUTH, AMONG, IS_KNOWN, WITHIN = range(30, 35)
# what was done, and where tracks stand
WAS_DONE, WAS_DECLINED, WAS_RECORDED, STANDS_IN = range(40, 44)
# connectives
NOT, ALL, ANY, AT_LEAST = range(50, 54)
# control
END, CALL, BACK, ROW, GO, STANDING_RECORD, ENOUGH = range(60, 67)

# --- comparisons ------------------------------------------------------------------------------------
EQUAL, UNEQUAL, LESS, AT_MOST, MORE, NOT_LESS = range(6)
SIGNS = {"=": EQUAL, "!=": UNEQUAL, "<": LESS, "<=": AT_MOST, ">": MORE, ">=": NOT_LESS}

# --- what came of a case: all but CONFORMS is judged by the single-case engine -----------------
CONFORMS, DOUBTED, SEVERAL_ENTRIES, TAKEN_BACK, CORRECTED, OVERRODE = range(6)
IN_ERROR, FUTURE, TOO_LARGE, NOT_CODED, OTHER_HEADER = range(6, 11)
REASONS = {
    DOUBTED: "something in it does not follow",
    SEVERAL_ENTRIES: "a fact stands twice in one entry",
    TAKEN_BACK: "an entry was undone",
    CORRECTED: "a value was corrected",
    OVERRODE: "something was overridden",
    IN_ERROR: "a deed was entered in error",
    FUTURE: "a value lies in the future of its entry",
    TOO_LARGE: "it is too long, an amount in it has too many digits, or a time in it is too far away",
    NOT_CODED: "a line of it does not fit the columns",
    OTHER_HEADER: "it is of another pathway or version",
}

DEEPEST = 64
NOT_DRAWN = -(1 << 30)  # in place of a decision diagram that would grow too large
DAY = 86400
FIRST_DAY, LAST_DAY = -719162, 2932896  # 0001-01-01 and 9999-12-31 in days since 1970
MOST = 1 << 62
FIRST_ZONED, LAST_ZONED = -45_000 * DAY, 60_000 * DAY  # years 1846 to 2134: for these, zones are looked up
