"""Steps of reading a large file in ranges."""
