"""Pure vocabulary and rules of the inbox: no clock, no input or output, standard library only."""
