"""The panels of the Design page: each shows one side of the shared editor, and knows no other."""
