"""The columns of the tables, registers and rows that the kernel works on, by number."""

from __future__ import annotations

# --- tables: row 0 says where each stretch begins, row 1 how many rows it has ---------------------
TABLE_WIDTH = 16
STRETCHES = (
    "steps", "numbers", "facts", "kin", "lasting", "actions", "records", "safeguards", "tracks", "states",
    "ways", "crossings", "calls", "marks",
)  # fmt: skip
AT_STEPS, AT_NUMBERS, AT_FACTS, AT_KIN, AT_LASTING, AT_ACTIONS, AT_RECORDS = range(7)
AT_SAFEGUARDS, AT_TRACKS, AT_STATES, AT_WAYS, AT_CROSSINGS, AT_CALLS, AT_MARKS = range(7, 14)
STEPS_FROM = 2
MARK_ROWS = 14  # row 1: how many rows of marks one state has, sixteen marks each

FACTS = (
    "f_shape", "f_kind", "f_times", "f_plus", "f_over", "f_valid", "f_low", "f_high", "f_order", "f_admitted",
    "f_kin_lo", "f_kin_hi",
)  # fmt: skip
ACTIONS = ("a_r_lo", "a_r_hi", "a_g_lo", "a_g_hi", "a_course", "a_due", "a_evidence")
RECORDS = ("r_fact", "r_value", "r_when")
SAFEGUARDS = ("g_when", "g_blocks", "g_holds")
TRACKS = ("t_start", "t_first")
STATES = ("s_w_lo", "s_w_hi", "s_choice", "s_timed", "s_x_lo", "s_x_hi", "s_d_lo", "s_d_hi", "s_rests")
WAYS = ("w_to", "w_when", "w_auto", "w_text")
CALLS_DUE = ("d_action", "d_when", "d_until", "d_within", "d_of", "d_of_fact", "d_again")

OP, FIRST, SECOND, THIRD = range(4)
F_SHAPE, F_KIND, F_TIMES, F_PLUS, F_OVER, F_VALID = range(6)
F_LOW, F_HIGH, F_ORDER, F_ADMITTED, F_KIN_LO, F_KIN_HI = range(6, 12)
A_R_LO, A_R_HI, A_G_LO, A_G_HI, A_COURSE, A_DUE, A_EVIDENCE = range(7)
R_FACT, R_VALUE, R_WHEN = range(3)
G_WHEN, G_BLOCKS, G_HOLDS = range(3)
T_START, T_FIRST = range(2)
S_W_LO, S_W_HI, S_CHOICE, S_TIMED, S_X_LO, S_X_HI, S_D_LO, S_D_HI, S_RESTS = range(9)
W_TO, W_WHEN, W_AUTO, W_TEXT = range(4)
D_ACTION, D_WHEN, D_UNTIL, D_WITHIN, D_OF, D_OF_FACT, D_AGAIN = range(7)

# --- registers: the case that is being followed ---------------------------------------------------
REGISTER_WIDTH = 10
# Row 0. NOTHING is always 0 and NONE always -1: a constant handed on would be compiled for itself.
TOUCHED, TROUBLE, FROM, TO, ZONE, VIEW, CALLS, GATHERING, NOTHING, NONE = range(10)
# Row 1: where stretches begin, and the longest case that there is room for.
OF_DEEDS, OF_TRACKS, OF_TOUCHED, LONGEST = range(4)
# Facts have two rows, as they are and as they were at an earlier time; TOLD is of the first alone.
VALUE, KNOWLEDGE, SINCE_WHEN, LINE, TOLD = range(5)
AS_IT_IS, AS_IT_WAS = 0, 1
LAST_DONE, LAST_DECLINED = range(2)
STATE, ENTERED_AT, ENTERED_LINE, STALE, OPEN_WAY = range(5)
C_DO, C_AT, C_LINE, C_BATCH = range(4)
STACK = 2
STACK_ROWS = 264
CALLS_FROM = STACK + STACK_ROWS
CALL_ROWS = 512
FACTS_FROM = CALLS_FROM + CALL_ROWS

# --- rows: these columns, one below the other, one event each -------------------------------------
EVENT_COLUMNS = 11
E_SEQ, E_BATCH, E_KIND, E_WHAT, E_HOW, E_AT = range(6)
E_WRITTEN, E_SAID, E_LINK, E_BASIS_FROM, E_BASIS_TO = range(6, 11)

# --- texts: row 0 counts headers and zones; headers, zones and their offsets follow ------------------
HEADERS, ZONES = range(2)
Z_LO, Z_HI = range(2)
Z_FROM, Z_OFFSET = range(2)
