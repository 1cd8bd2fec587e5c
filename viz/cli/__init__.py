"""The command line: `stackcraft`."""
