"""What an operator changes while customers ask 50 times a second: the version, the settings, the edge's files."""
