"""The columns of the tables, registers and rows that the kernel works on, by number."""

from __future__ import annotations

# --- tables: the first rows say where each stretch begins, and how many rows it has ---------------------
TABLE_WIDTH = 16
STRETCHES = (
    "steps", "numbers", "facts", "kin", "lasting", "actions", "records", "safeguards", "tracks", "states",
    "ways", "crossings", "calls", "marks", "nodes", "rests", "readers", "looks",
)  # fmt: skip
AT_STEPS, AT_NUMBERS, AT_FACTS, AT_KIN, AT_LASTING, AT_ACTIONS, AT_RECORDS = range(7)
AT_SAFEGUARDS, AT_TRACKS, AT_STATES, AT_WAYS, AT_CROSSINGS, AT_CALLS, AT_MARKS = range(7, 14)
AT_NODES, AT_RESTS, AT_READERS, AT_LOOKS = range(14, 18)
# Two more numbers: how many rows of marks one state has, sixteen marks each; whether time can open any way.
MARK_ROWS, SOME_TIMED = 18, 19
STEPS_FROM = 20

FACTS = (
    "f_shape", "f_kind", "f_times", "f_plus", "f_over", "f_valid", "f_low", "f_high", "f_order", "f_admitted",
    "f_kin_lo", "f_kin_hi", "f_t_lo", "f_t_hi",
)  # fmt: skip
ACTIONS = (
    "a_r_lo",
    "a_r_hi",
    "a_g_lo",
    "a_g_hi",
    "a_course",
    "a_due",
    "a_evidence",
    "a_t_lo",
    "a_t_hi",
    "a_node",
    "a_l_lo",
    "a_l_hi",
)
RECORDS = ("r_fact", "r_value", "r_when")
SAFEGUARDS = ("g_when", "g_blocks", "g_holds")
TRACKS = ("t_start", "t_first", "t_t_lo", "t_t_hi")
STATES = (
    "s_w_lo",
    "s_w_hi",
    "s_choice",
    "s_timed",
    "s_x_lo",
    "s_x_hi",
    "s_d_lo",
    "s_d_hi",
    "s_r_lo",
    "s_r_hi",
    "s_node",
)
WAYS = ("w_to", "w_when", "w_auto", "w_text")
NODES = ("n_code", "n_first", "n_second", "n_third", "n_no", "n_unsure", "n_yes")
RESTS = ("b_code", "b_what")
CALLS_DUE = ("d_action", "d_when", "d_until", "d_within", "d_of", "d_of_fact", "d_again")

OP, FIRST, SECOND, THIRD = range(4)
F_SHAPE, F_KIND, F_TIMES, F_PLUS, F_OVER, F_VALID = range(6)
F_LOW, F_HIGH, F_ORDER, F_ADMITTED, F_KIN_LO, F_KIN_HI, F_T_LO, F_T_HI = range(6, 14)
A_R_LO, A_R_HI, A_G_LO, A_G_HI, A_COURSE, A_DUE, A_EVIDENCE, A_T_LO, A_T_HI, A_NODE, A_L_LO, A_L_HI = range(
    12
)
R_FACT, R_VALUE, R_WHEN = range(3)
G_WHEN, G_BLOCKS, G_HOLDS = range(3)
T_START, T_FIRST, T_T_LO, T_T_HI = range(4)
S_W_LO, S_W_HI, S_CHOICE, S_TIMED, S_X_LO, S_X_HI, S_D_LO, S_D_HI, S_R_LO, S_R_HI, S_NODE = range(11)
W_TO, W_WHEN, W_AUTO, W_TEXT = range(4)
N_CODE, N_FIRST, N_SECOND, N_THIRD, N_NO = range(5)
B_CODE, B_WHAT = range(2)
D_ACTION, D_WHEN, D_UNTIL, D_WITHIN, D_OF, D_OF_FACT, D_AGAIN = range(7)

# --- registers: the case that is being followed ---------------------------------------------------
REGISTER_WIDTH = 8  # as many as a line of the processor's cache holds
TOUCHED, TROUBLE, FROM, ZONE, VIEW, CALLS, GATHERING = range(7)
# Row 1: where stretches begin, and the longest case that there is room for. NOTHING is always 0 and NONE
# always -1: a constant handed on would be compiled for itself.
OF_DEEDS, OF_TRACKS, OF_TOUCHED, LONGEST, NOTHING, NONE, MOVES = range(7)
# Facts have two rows, as they are and as they were at an earlier time. Of the first alone: the line that last
# recorded it (TOLD), and the one that last said anything of it (LAST).
VALUE, KNOWLEDGE, SINCE_WHEN, LINE, TOLD, LAST = range(6)
AS_IT_IS, AS_IT_WAS = 0, 1
LAST_DONE, LAST_DECLINED = range(2)
STATE, ENTERED_AT, ENTERED_LINE, STALE, OPEN_WAY = range(5)
C_DO, C_AT, C_LINE, C_BATCH = range(4)
STACK = 2
STACK_ROWS = 264
CALLS_FROM = STACK + STACK_ROWS
CALL_ROWS = 512
FACTS_FROM = CALLS_FROM + CALL_ROWS

# --- texts: row 0 counts headers and zones; headers, zones and their offsets follow ------------------
HEADERS, ZONES = range(2)
Z_LO, Z_HI = range(2)
Z_FROM, Z_OFFSET = range(2)
