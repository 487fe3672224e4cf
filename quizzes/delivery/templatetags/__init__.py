"""Template tags of the player and the review pages."""
