"""What a version of the tree holds, in symbols: the only place where git and symbols meet."""
