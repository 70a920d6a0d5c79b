"""git itself: its processes, objects, refs, trees, merges. Knows of no records."""
