// Package figures has the lecture's figures: from a solver's values to a vizlib picture, one idea a file.
//
// A figure infers nothing. What it writes is read off the values that it is given, so the same function draws
// the lecture's data, a student's own, and the frames of a movie.
package figures
