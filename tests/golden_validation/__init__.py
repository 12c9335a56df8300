"""The official validators, on everything that the examples render."""
