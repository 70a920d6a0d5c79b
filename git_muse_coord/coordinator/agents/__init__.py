"""What agents are told when their programs call our hooks, and what is reserved for them without being asked."""
