"""`python -m corpusgate`: the command, where its script is not on the path."""

from corpusgate.cli import main

if __name__ == "__main__":
    main(prog_name="corpusgate")
