"""Learning from the past merges of a repository."""
