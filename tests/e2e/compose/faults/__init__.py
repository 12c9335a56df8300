"""What breaks, and what is left of it: killed processes, a lost disk, a full one, a damaged backup."""
