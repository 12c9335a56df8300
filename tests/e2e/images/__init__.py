"""Stand-ins for the images that rendered files name, made without a registry. README.md says what they are."""
