"""Reading strings of characters that nobody has cut apart."""
