"""Data that is made on this machine, from a seed: characters, toys, reviews, the plane."""
