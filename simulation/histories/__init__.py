"""A run's whole state after a week, and what its past depends on."""
