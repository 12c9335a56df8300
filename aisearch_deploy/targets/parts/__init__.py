"""What several targets plan the same way: the app's environment, its secrets, the edge, the runbook."""
