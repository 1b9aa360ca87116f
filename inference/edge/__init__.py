"""What goes to a device: the compiled model, what turns raw rows into its features, and a program that runs both."""
