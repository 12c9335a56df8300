"""Where data is kept, and whether replicas can share it."""
