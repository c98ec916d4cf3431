"""Two versions of a pathway compared: what differs, in clinical words, the weightiest first."""
