"""What is deployed to AWS: functions, and later the stacks that hold them."""
