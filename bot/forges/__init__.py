"""The forges on which a newsletter's repository lives, and what they know of pull requests."""
