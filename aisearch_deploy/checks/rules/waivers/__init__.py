"""Whether what is accepted still has to be."""
