// Scenarios meet real peers: real processes, real sockets, real browsers. Each says what it needs and is skipped, with the
// reason printed, where that is missing.
