"""Letters of our own making, each with what must be read in it."""
