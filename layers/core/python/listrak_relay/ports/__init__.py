"""What the use cases need from the outside, by subject. Adapters and the tests' fakes give it."""
