"""An SFTP server: the only place that imports paramiko."""
