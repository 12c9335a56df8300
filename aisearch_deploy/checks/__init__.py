"""Rules over a resolved deployment: one rule, one small file."""
