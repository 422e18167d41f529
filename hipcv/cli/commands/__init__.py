"""The commands of `hipcv`, one to a file; `cli` makes them one program."""
