"""What of a pathway every drawing and writing has to carry, counted independently of what draws it."""
