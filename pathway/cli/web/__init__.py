"""A case in a browser tab on this computer: who is let in, what is sent, and the process behind a tab."""
