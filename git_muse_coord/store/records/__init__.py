"""The records of a clone: written, read, archived, mended."""
