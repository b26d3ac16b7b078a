"""The choices of the command line: one YAML a choice, and the tables that areas and economies use."""
