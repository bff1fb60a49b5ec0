"""What the demonstrations compute and draw, one examination per file. Keras, JAX, pandas, Altair: inside functions."""
