"""Moments: figures of a finished run that statistics of the time have too."""
