"""Commands for those who operate Listrak Relay, one file for each."""
