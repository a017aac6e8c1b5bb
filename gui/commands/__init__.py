"""What can be done, by which keys, and in which menu it stands."""
