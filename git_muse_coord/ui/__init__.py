"""How answers look: text for people, the JSON envelope for programs, colour."""
