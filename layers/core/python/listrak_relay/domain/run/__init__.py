"""A run: where its file came from, its chunks, its counts, and the names of everything it leaves in the WorkBucket."""
