"""Whether data comes back."""
