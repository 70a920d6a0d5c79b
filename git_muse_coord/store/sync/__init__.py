"""Records and their archive on the way between clones."""
