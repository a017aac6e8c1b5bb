"""The built-in datasets, one file each; `data.catalog` finds them. No torch at import."""
