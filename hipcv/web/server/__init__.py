"""The server: uploads to disk, pictures from disk, and the one store behind all pages."""
