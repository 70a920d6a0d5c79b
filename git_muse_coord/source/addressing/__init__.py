"""From what somebody types to addresses, by what the repository holds."""
