"""Starts what was rendered, on this machine: the only place that talks to Docker."""
