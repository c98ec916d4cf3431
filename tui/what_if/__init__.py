"""What if: a fork of a case on which facts and deeds are supposed; nothing of it is kept."""
