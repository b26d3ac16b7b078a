"""The page of a comparison: its answer first, then pictures drawn in the browser from its data."""
