"""Real reviews: the readers of each published set, and bags of words."""
