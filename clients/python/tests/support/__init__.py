"""What the tests stand on: the real server, a fake one, pictures."""
