"""Values: addresses, records, their canonical bytes and ids, errors. Pure standard library."""
