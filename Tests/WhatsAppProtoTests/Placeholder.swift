// To be removed.
