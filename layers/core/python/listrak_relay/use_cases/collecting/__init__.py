"""Reading from Listrak who opted out, for those who send the files."""
