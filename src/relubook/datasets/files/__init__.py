"""Files: where they are, how they are fetched and verified, and the formats they have."""
