"""The resolved deployment: every value with the place it came from."""
