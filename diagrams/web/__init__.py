"""A flowchart as one page of HTML: it can be moved, searched, and asked where each box comes from."""
