"""Which calls a role may make, by IAM's own rules, and which of its grants are used at all."""
