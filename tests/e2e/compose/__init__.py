"""What is rendered for Compose, run on a real engine with clients that have addresses of their own."""
