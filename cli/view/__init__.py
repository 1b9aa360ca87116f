"""What commands show on a terminal; plain text where the output is not one."""
