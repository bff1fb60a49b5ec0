"""Classification of images by networks: recipe, training, and what counts as right."""
