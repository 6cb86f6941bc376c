//go:build race

package main

// underRace: the kernel under test is built with the race detector, which takes ten times the memory and time.
const underRace = true
