"""What is written from the definitions in the code, so that it cannot drift: man page, completions, schemas, help."""
