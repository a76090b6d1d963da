"""The command line: an example of the client at work, and a quick look at a server."""
