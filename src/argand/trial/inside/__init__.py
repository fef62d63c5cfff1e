"""What happens inside a Program: its intermediates, branches, and which operation loses digits."""
