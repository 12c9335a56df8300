"""What the person wrote: the schema of aisearch.yaml and its strict reader."""
