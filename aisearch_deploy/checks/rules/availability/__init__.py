"""Whether people are answered while something restarts, fails or is asked too often."""
