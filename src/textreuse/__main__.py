"""`python -m textreuse` is the command `textreuse`."""

from textreuse.cli import main

if __name__ == "__main__":
    main(prog_name="textreuse")
