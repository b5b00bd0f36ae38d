"""The doctor: looks at a newsroom's config and surroundings, and says how to mend what is wrong."""
