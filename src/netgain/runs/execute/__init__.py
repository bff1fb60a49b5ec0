"""Trains the runs that a store lacks, on all cores: what is missing, the workers, and what is shown meanwhile."""
