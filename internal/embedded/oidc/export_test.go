package oidc

// MostKept is for tests.
const MostKept = mostKept
