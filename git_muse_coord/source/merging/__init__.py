"""What two sides of a merge did, in symbols, and what follows where git joins them."""
