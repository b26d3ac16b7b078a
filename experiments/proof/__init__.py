"""A proof that runs are the same on any machine: digests of a fixed set, and a table of them."""
