"""Reading corpora: manifests, one reader a format, and quarantine for what cannot be read."""
