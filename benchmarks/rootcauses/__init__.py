"""Root causes on planted truth."""
