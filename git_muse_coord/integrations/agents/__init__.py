"""What the programs of coding agents tell their hooks, and what a hook answers them: one small file a program."""
