"""What can be said of a destination, whoever says it."""
