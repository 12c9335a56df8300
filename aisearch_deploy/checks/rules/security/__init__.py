"""Whether somebody could get in, or at what is not theirs."""
