"""What a file says of people's wish to be written to: usual platforms' columns and words, and what is doubtful."""
