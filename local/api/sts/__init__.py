"""STS: who one is on the laptop."""
