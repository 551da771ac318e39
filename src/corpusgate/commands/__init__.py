"""Commands of the command line, by subject. Heavy imports happen inside them."""
