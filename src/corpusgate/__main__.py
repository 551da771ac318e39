"""`python -m corpusgate`: the command, where its script is not on the path."""

from corpusgate.cli import program

if __name__ == "__main__":
    program()
