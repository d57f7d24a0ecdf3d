"""The email channel: letters to a business mailbox and the answers to them."""
