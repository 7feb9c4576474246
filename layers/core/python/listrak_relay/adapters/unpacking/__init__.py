"""From a dropped object to files of rows: encryption, compression and archives are taken off, in bounded space."""
