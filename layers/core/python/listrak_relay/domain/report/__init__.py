"""What is said of a run to those who read no code: sentences for counts, reasons and warnings."""
