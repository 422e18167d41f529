"""One file a command; `main` makes them one program."""
