"""What a night of so many contacts costs and where its first limit is: computed from measured figures, without AWS."""
