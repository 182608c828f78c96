"""Real images: the readers of each published set."""
