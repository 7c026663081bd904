package failover_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// result is how a case ended: a row of the report.
type result struct {
	Where, What, End string
	// Accepted is how many planned failovers the cloud accepted.
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

Each row is a switch of a protection group with its servers (stop, planned failover, start) under one fault, against the
simulator; those of "Terraform:" by real Terraform. RELIABILITY.md says what survived means. Extra seconds are beyond the
time of an undisturbed switch, on the simulated clock, without its jumps; those of a wait that meets its deadline are the
rest of the %.0f s that it had. Those of real Terraform are not measured.

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
	summary := "## Totals\n\n" + totals(results) + "\n" + byEnd(results)
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

// totals is a table with one row for each place, and one for all.
func totals(results []result) string {
	type total struct {
		cases, survived, switched, accepted, twice int
		worst                                      float64
	}
	var names []string
	sums := map[string]*total{}
	for _, row := range results {
		for _, name := range []string{row.Where, "all"} {
			sum := sums[name]
			if sum == nil {
				sum = &total{worst: -1}
				sums[name] = sum
				if name != "all" {
					names = append(names, name)
				}
			}
			sum.cases++
			if row.Survived {
				sum.survived++
			}
			if row.End == "switched" {
				sum.switched++
			}
			sum.accepted += row.Accepted
			if row.Accepted > 1 {
				sum.twice++
			}
			sum.worst = max(sum.worst, row.Extra)
		}
	}
	var text strings.Builder
	text.WriteString("| where | cases | survived | switched at once | accepted actions | more than one | worst extra time |\n")
	text.WriteString("|---|--:|--:|--:|--:|--:|--:|\n")
	for _, name := range append(names, "all") {
		sum := sums[name]
		if name == "all" {
			name = "**all**"
		}
		worst := "-"
		if sum.worst >= 0 {
			worst = fmt.Sprintf("%.1f s", sum.worst)
		}
		fmt.Fprintf(&text, "| %s | %d | %d | %d | %d | %d | %s |\n",
			name, sum.cases, sum.survived, sum.switched, sum.accepted, sum.twice, worst)
	}
	return text.String()
}

// byEnd is a table of how many cases ended how.
func byEnd(results []result) string {
	counts := map[string]int{}
	for _, row := range results {
		counts[row.End]++
	}
	var text strings.Builder
	text.WriteString("| end | cases |\n|---|--:|\n")
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	for _, name := range names {
		fmt.Fprintf(&text, "| %s | %d |\n", name, counts[name])
	}
	return text.String()
}

func writeRows(page *bytes.Buffer, results []result) {
	page.WriteString("| where | what | end | accepted actions | extra seconds |\n|---|---|---|--:|--:|\n")
	for _, row := range results {
		extra := "-"
		if row.Extra >= 0 {
			extra = fmt.Sprintf("%.1f", row.Extra)
		}
		end := row.End
		if !row.Survived {
			end = "**not survived:** " + end
		}
		fmt.Fprintf(page, "| %s | %s | %s | %d | %s |\n", row.Where, row.What, end, row.Accepted, extra)
	}
}
