"""First of three steps: from a file of any format to table ``source``, one table row for each row of the file."""
