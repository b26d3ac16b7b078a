"""What policies can choose from: benefit rules, regimes and interventions."""
