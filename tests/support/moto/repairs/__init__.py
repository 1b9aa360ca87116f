"""What moto's services lack or do wrong, one operation or fault a module, each with a function ``repair``."""
