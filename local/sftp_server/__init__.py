"""An SFTP server on this machine that stands for Listrak's, and fails on demand."""
