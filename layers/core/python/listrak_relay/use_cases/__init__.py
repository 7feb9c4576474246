"""What the system does: one verb a file here, what a verb is made of in the folder of its subject."""
