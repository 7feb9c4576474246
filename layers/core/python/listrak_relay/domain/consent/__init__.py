"""What a file says about people's wish to be written to: the usual platforms' columns and words, and what is doubtful."""
