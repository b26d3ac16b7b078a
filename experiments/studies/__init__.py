"""Studies: factors, designs, and what is made of their runs."""
