"""One file per command; `main` combines them into one program."""
