"""How requests reach the dispatch: in process, and later through a port."""
