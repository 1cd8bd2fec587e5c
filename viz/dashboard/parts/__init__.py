"""What pages are put together from: the frame, the address, maps, levers and plain elements."""
