"""Retail files for Listrak's SFTP server: the published columns, the rules for their values, names and accounts."""
