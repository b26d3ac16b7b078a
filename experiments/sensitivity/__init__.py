"""Methods of sensitivity analysis that know of replicate noise."""
