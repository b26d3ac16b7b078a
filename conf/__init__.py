"""The choices of the command line, one YAML each, and the tables of areas and economies."""
