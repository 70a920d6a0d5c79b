"""Pure decisions over values: no git, no clock, no printing."""
