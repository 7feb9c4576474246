"""What a column means and what its values must be like."""
