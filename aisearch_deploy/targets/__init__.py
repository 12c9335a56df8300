"""Where a deployment can live: one module a target."""
