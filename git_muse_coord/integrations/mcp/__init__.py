"""A server of the Model Context Protocol: the verbs that an agent needs, as its tools."""
