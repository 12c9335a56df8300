"""A Docker Engine for the tests: the one that runs here, or one of our own that leaves nothing behind."""
