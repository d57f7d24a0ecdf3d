"""What every sandbox network is made of: its thread, its faults, its story, its process."""
