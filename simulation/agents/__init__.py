"""The agents, people, employers, providers and funders, as columns; views in Mesa's words."""
