"""Results: runs a study and holds what follows from its runs, as values and statistics that draw nothing."""
