"""People who opted out at Listrak, as they are told to those who send the files."""
