"""Whether it fits: connections, memory, replicas."""
