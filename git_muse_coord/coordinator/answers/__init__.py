"""What several verbs answer alike."""
