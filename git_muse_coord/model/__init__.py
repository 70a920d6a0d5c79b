"""Values: addresses, records, their canonical bytes and ids, errors. Standard library only; no git, no clock."""
