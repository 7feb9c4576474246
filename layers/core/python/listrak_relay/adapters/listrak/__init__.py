"""Listrak's Email and SMS APIs: the only place that imports requests, and that speaks Listrak's own words."""
