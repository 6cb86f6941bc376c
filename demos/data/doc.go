// Package data is what the demos have in common: numbers read from a file, flags with the same meaning in
// every demo, and a picture saved in every medium.
//
// Its errors are one sentence each, for whoever typed the command.
package data
