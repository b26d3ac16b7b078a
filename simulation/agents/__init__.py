"""The three kinds of agent: residents and establishments as columns; views in Mesa's words."""
