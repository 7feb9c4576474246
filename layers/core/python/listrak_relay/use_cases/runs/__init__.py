"""What every channel does with a run: consuming messages, preparing once, settling chunks."""
