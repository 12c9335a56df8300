"""Machines that have an address of their own: network namespaces, joined by a bridge."""
