"""Settings of the operator: what the config file says, checked and frozen."""
