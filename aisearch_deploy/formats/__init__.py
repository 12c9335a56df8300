"""File formats: how a value is quoted in each, and how a rendered file is read back."""
