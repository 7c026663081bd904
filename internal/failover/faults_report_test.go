package failover_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
)

// result is how a case ended: a row of the report.
type result struct {
	Operation, Where, What, End string
	// Accepted is how many actions the cloud accepted.
	Accepted int
	// Extra is in seconds beyond an undisturbed run; below zero where that was not measured.
	Extra    float64
	Survived bool
}

// reportPath is where the report goes; empty: there is none, and the matrix is run without twins.
func reportPath() string { return os.Getenv("SDRS_FAULTS_REPORT") }

// reportRows is a file of results, one JSON object a line, that another suite has left for the report.
func reportRows() string { return os.Getenv("SDRS_FAULTS_ROWS") }

const reportHead = `# Faults

Each row is an operation on a protection group under one fault, against the simulator: a planned failover with its servers
(stop, switch, start), a failover (and start), the enabling of protection, a reprotection, the disabling. Those without an
operation are planned failovers by real Terraform. RELIABILITY.md says what survived means. Extra seconds are beyond the time
of an undisturbed run, on the simulated clock, without its jumps; those of a wait that meets its deadline are the rest of the
%.0f s that it had. Those of real Terraform are not measured.

`

// report writes the results, in their order.
func report(t *testing.T, results []result) {
	t.Helper()
	path := reportPath()
	if path == "" {
		return
	}
	for _, row := range results {
		if row.Where == "" {
			return // Only some of the cases were run.
		}
	}
	others, err := otherResults()
	if err != nil {
		t.Fatal(err)
	}
	results = append(results, others...)
	summary := "## Totals\n\n" + totals(results)
	var page bytes.Buffer
	fmt.Fprintf(&page, reportHead, deadline.Seconds())
	page.WriteString(summary + "\n## Cases\n\n")
	writeRows(&page, results)
	if err := os.WriteFile(path, page.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// otherResults reads what another suite has left.
func otherResults() ([]result, error) {
	path := reportRows()
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(path) //nolint:gosec // The path is the developer's.
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	var rows []result
	for decoder := json.NewDecoder(file); ; {
		var row result
		if err := decoder.Decode(&row); errors.Is(err, io.EOF) {
			return rows, nil
		} else if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
}

// totals is a table of how the cases of each operation ended.
func totals(results []result) string {
	const all = "**all**"
	var operations, ends []string
	counts := map[[2]string]int{}
	for _, row := range results {
		if operation := cmp.Or(row.Operation, "by Terraform"); !slices.Contains(operations, operation) {
			operations = append(operations, operation)
		}
		if !slices.Contains(ends, row.End) {
			ends = append(ends, row.End)
		}
		columns := []string{all, row.End}
		if row.Survived {
			columns = append(columns, "survived")
		}
		if row.Accepted > 1 {
			columns = append(columns, "accepted twice")
		}
		for _, column := range columns {
			counts[[2]string{cmp.Or(row.Operation, "by Terraform"), column}]++
			counts[[2]string{all, column}]++
		}
	}
	slices.SortFunc(ends, func(a, b string) int { return counts[[2]string{all, b}] - counts[[2]string{all, a}] })
	columns := append([]string{all, "survived", "accepted twice"}, ends...)
	text := "| operation | " + strings.Join(columns, " | ") + " |\n|---|" + strings.Repeat("--:|", len(columns)) + "\n"
	for _, operation := range append(operations, all) {
		text += "| " + operation + " |"
		for _, column := range columns {
			text += fmt.Sprintf(" %d |", counts[[2]string{operation, column}])
		}
		text += "\n"
	}
	return text
}

func writeRows(page *bytes.Buffer, results []result) {
	page.WriteString("| operation | where | what | end | accepted actions | extra seconds |\n|---|---|---|---|--:|--:|\n")
	for _, row := range results {
		extra := "-"
		if row.Extra >= 0 {
			extra = fmt.Sprintf("%.1f", row.Extra)
		}
		end := row.End
		if !row.Survived {
			end = "**not survived:** " + end
		}
		fmt.Fprintf(page, "| %s | %s | %s | %s | %d | %s |\n", row.Operation, row.Where, row.What, end, row.Accepted, extra)
	}
}
