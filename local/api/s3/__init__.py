"""S3's operations over the objects below the home folder."""
