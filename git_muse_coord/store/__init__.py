"""The only place that touches git: repository, objects, refs, records, cache, settings, repair."""
