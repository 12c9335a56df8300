"""Whether what we tell the image is what it does."""
