"""The hooks of git: where they are, what their scripts say, what a push brings."""
