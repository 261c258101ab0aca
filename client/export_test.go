package client

// SafeToRepeat is for the test that compares it with the guide.
var SafeToRepeat = safeToRepeat

// PartSize is for tests of what is longer.
const PartSize = partSize
