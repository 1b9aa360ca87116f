"""Plain rows of CSV to features and answers by the reader in a compiled model's library, as `inference.rows` does it.

The library is built in the training job; what it reads by are tables that are made of features.json when it is loaded.
"""
