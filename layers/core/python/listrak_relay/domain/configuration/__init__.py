"""Reading `config/destinations.yaml` into destinations, every fault named by its line."""
