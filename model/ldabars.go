package model

import (
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// Bars returns the topics of Griffiths & Steyvers: the words are the pixels of a side×side image, row by row from the
// bottom, and each of the 2·side topics is uniform on one row (the first side topics, from the bottom) or one column
// (the others, from the left). It returns them with the names of the words, such as "r2c5". It panics if side < 1.
//
// Source: Griffiths & Steyvers, Finding scientific topics, PNAS 101 (2004), fig. 1, where side is 5.
func Bars(side int) (topics *mat.Dense, vocab []string) {
	if side < 1 {
		panic(fmt.Sprintf("model: Bars of side %d, want at least 1", side))
	}
	topics = mat.NewDense(2*side, side*side, nil)
	for row := range side {
		for col := range side {
			w := row*side + col
			topics.Set(row, w, 1/float64(side))
			topics.Set(side+col, w, 1/float64(side))
			vocab = append(vocab, fmt.Sprintf("r%dc%d", row+1, col+1))
		}
	}
	return topics, vocab
}
