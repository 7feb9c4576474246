"""Ways to the outside: one folder for each outside thing, and the libraries that the domain asks through a function."""
