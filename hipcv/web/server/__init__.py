"""The server: uploads to disk, media files from disk, and the one store behind all pages."""
