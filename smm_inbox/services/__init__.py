"""What the inbox does: sync, delivery, replies, triage, and the questions the screen asks."""
