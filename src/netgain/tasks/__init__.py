"""What can be learnt: the seam `Task`, and one file or folder for each kind of learner with its recipe."""
