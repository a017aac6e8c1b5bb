"""Published networks, assembled from ordinary layers."""
