"""What an environment's file says, one part of it a module."""
