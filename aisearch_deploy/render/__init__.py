"""From a plan to text: one Jinja environment a format, then parsed back."""
