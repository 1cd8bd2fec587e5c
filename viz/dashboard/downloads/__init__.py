"""What one takes along: files, codes, a brief, and the addresses they are found at."""
