"""The hooks of agents' programs: where they belong, what their entries say, and how they get into a file of a user."""
