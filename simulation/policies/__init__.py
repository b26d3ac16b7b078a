"""What policies can choose from: regimes, interventions and tariffs."""
