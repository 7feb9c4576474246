"""The composition root: settings → adapters → use cases. The only place that chooses real parts.

One module for each function, so that no function loads another's libraries; each makes the ports, of which a module of
`assembly` puts the use case together. That is done once per execution environment, at its first event: a missing
setting is then an error with a name and not a failed import.
"""
