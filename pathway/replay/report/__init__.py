"""What came of replaying many logs: findings with their guard, fitness, deadlines, stays; as text or file."""
