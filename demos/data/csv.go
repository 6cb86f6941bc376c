package data

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"strconv"
	"strings"
)

// ReadColumn reads the numbers of a named column from a CSV file whose first line names its columns. An empty
// name stands for the only column. Every row must hold a finite number there; the error says which line does
// not. Lines that begin with # are comments.
func ReadColumn(path, column string) ([]float64, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", path, reason(err))
	}
	defer f.Close()
	x, err := parseColumn(f, column)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return x, nil
}

// parseColumn reads one column of a CSV text.
func parseColumn(r io.Reader, column string) ([]float64, error) {
	text := bufio.NewReader(r)
	const mark = "\ufeff" // a byte order mark, as spreadsheets write
	if start, _ := text.Peek(len(mark)); string(start) == mark {
		text.Discard(len(mark))
	}
	rows := csv.NewReader(text)
	rows.Comment = '#'
	rows.TrimLeadingSpace = true
	head, err := rows.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, errors.New("the file is empty, want a line of column names and rows of numbers")
	case err != nil:
		return nil, badRow(err)
	}
	for i := range head {
		head[i] = strings.TrimSpace(head[i])
	}
	at, err := find(head, column)
	if err != nil {
		return nil, err
	}
	var x []float64
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, badRow(err)
		}
		line, _ := rows.FieldPos(at)
		cell := strings.TrimSpace(row[at])
		v, err := strconv.ParseFloat(cell, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("line %d: %s is %q, want a finite number", line, head[at], cell)
		}
		x = append(x, v)
	}
	if len(x) == 0 {
		return nil, fmt.Errorf("column %s has no rows, want at least 1 number", head[at])
	}
	return x, nil
}

// find returns the place of a column among the names.
func find(head []string, column string) (int, error) {
	if column == "" && len(head) == 1 {
		return 0, nil
	}
	for i, name := range head {
		if name == column && column != "" {
			return i, nil
		}
	}
	names := strings.Join(head, ", ")
	if column == "" {
		return 0, fmt.Errorf("the file has %d columns: say which by -column: %s", len(head), names)
	}
	return 0, fmt.Errorf("there is no column %q, only: %s", column, names)
}

// badRow words an error of the CSV reader.
func badRow(err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return fmt.Errorf("line %d: %w", parse.Line, parse.Err)
	}
	return err
}

// reason is what the system says about a file, without naming the file again.
func reason(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}

// SD returns the sample standard deviation of x (divisor n−1), in the units of x; 0 for fewer than 2 numbers.
func SD(x []float64) float64 {
	if len(x) < 2 {
		return 0
	}
	var mean, squares float64 // Welford 1962
	for i, v := range x {
		d := v - mean
		mean += d / float64(i+1)
		squares += d * (v - mean)
	}
	return math.Sqrt(squares / float64(len(x)-1))
}
