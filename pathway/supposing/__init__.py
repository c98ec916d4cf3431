"""What would change it: a case tried out on forks of itself, which leave no trace in it."""
