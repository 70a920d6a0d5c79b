"""What connects us to other programs: git's hooks, which call us, and the files through which they find us."""
