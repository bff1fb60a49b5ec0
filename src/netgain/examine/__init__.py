"""What the demonstrations compute and draw, one examination a file. Keras, JAX, pandas, Altair: inside functions."""
