"""What a release says of itself: what it changes, what it is made of, and under which licences."""
