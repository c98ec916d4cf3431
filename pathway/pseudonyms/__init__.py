"""Cases told without saying whose they are: keys, pseudonyms, and copies of logs that hold nothing else."""
