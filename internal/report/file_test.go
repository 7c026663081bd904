package report

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

func read(t *testing.T, file string) (report Report) {
	t.Helper()
	content, err := fs.ReadFile(os.DirFS(filepath.Dir(file)), filepath.Base(file))
	if err == nil {
		err = json.Unmarshal(content, &report)
	}
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// The file is written as the action goes, within a second of each change, and not while nothing changes. What another
// program puts in its place stays.
func TestWrittenAsItGoes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "out.json")
		group, operation := sdrs.Group{ID: "a", Name: "app"}, failover.PlannedFailover(sdrs.Target)
		about := About{Began: time.Now(), Now: time.Now}
		f, err := Create(file, about, []Subject{{Group: group, Operation: operation}})
		if err != nil {
			t.Fatal(err)
		}
		pass := func() Report {
			t.Helper()
			time.Sleep(writeEvery)
			synctest.Wait()
			return read(t, file)
		}
		f.Begin("a")
		if got := pass(); got.State != StateRunning || len(got.Groups[0].Phases) != 1 {
			t.Errorf("a second later: %+v", got)
		}
		f.Progress(failover.Progress{GroupID: "a", Group: group, Times: failover.Times{Requested: time.Now()}})
		got := pass()
		if phases := got.Groups[0].Phases; len(phases) != 2 || phases[1].Phase != PhaseSwitch || phases[1].EndedAt != nil {
			t.Errorf("while it switches: %+v", phases)
		}
		if later := pass(); !later.WrittenAt.Equal(got.WrittenAt) {
			t.Error("it was written again with nothing to say")
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(`{"title": "theirs"}`), 0o600); err != nil {
			t.Fatal(err)
		}
		path, err := f.Close(StateInterrupted)
		if theirs, ours := read(t, file), read(t, path); err != nil || theirs.Title != "theirs" ||
			ours.State != StateInterrupted {
			t.Errorf("%s: %+v, %v", path, ours, err)
		}
		if left, err := os.ReadDir(filepath.Dir(file)); err != nil || len(left) != 2 {
			t.Errorf("left %v, %v", left, err)
		}
		next, err := Create(file, about, nil) // Nobody writes to the name any longer.
		if err != nil {
			t.Fatal(err)
		}
		if path, err = next.Close(StateDone); err != nil || path != file || next.Aside() == "" {
			t.Errorf("%s, %q, %v", path, next.Aside(), err)
		}
	})
}

// An older report keeps its name where the first write of a new one fails: nothing else tells where it went.
func TestOlderReportStays(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	there, link := filepath.Join(folder, "there"), filepath.Join(folder, "link")
	for _, err := range []error{
		os.Mkdir(there, 0o700), os.WriteFile(filepath.Join(there, "out.json"), []byte("older"), 0o600), os.Symlink(there, link),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	fails := sync.OnceValue(func() error { return os.Remove(link) }) // Between the look whether it can be written and that.
	_, err := Create(filepath.Join(link, "out.json"), About{Now: func() time.Time {
		if err := fails(); err != nil {
			t.Error(err)
		}
		return time.Now()
	}}, nil)
	older, unread := os.ReadFile(filepath.Join(there, "out.json")) //nolint:gosec // In a folder of the test.
	if err == nil || unread != nil || string(older) != "older" {
		t.Errorf("created with %v, and the older one is %q, %v", err, older, unread)
	}
}

// A report that can't take its place leaves no file beside it. Here the older one can't make room: its name with a time
// in it is too long.
func TestFailedWriteLeavesNothing(t *testing.T) {
	t.Parallel()
	folder, name := t.TempDir(), strings.Repeat("x", 235)+".json"
	if err := os.WriteFile(filepath.Join(folder, name), []byte("older"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Create(filepath.Join(folder, name), About{Now: time.Now}, nil)
	if left, unread := os.ReadDir(folder); err == nil || unread != nil || len(left) != 1 || left[0].Name() != name {
		t.Errorf("created with %v, and left %v, %v", err, left, unread)
	}
}

// Several actions of one apply may be given the same file: none of their reports is lost, and no older one.
func TestOneFileForSeveral(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "out.json")
	if err := os.WriteFile(file, []byte(`{"title": "older"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	const actions = 10
	var created, ended sync.WaitGroup
	created.Add(actions)
	for n := range actions {
		ended.Go(func() {
			f, err := Create(file, About{Title: strconv.Itoa(n), Now: time.Now}, nil)
			created.Done()
			created.Wait() // All are written at the same time.
			if err == nil {
				_, err = f.Close(StateDone)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	ended.Wait()
	left, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, entry := range left {
		report := read(t, filepath.Join(folder, entry.Name()))
		found[report.Title] = report.State
	}
	delete(found, "older")
	for title, state := range found {
		if state != StateDone {
			t.Errorf("%s is %s", title, state)
		}
	}
	if len(found) != actions || len(left) != actions+1 {
		t.Errorf("%d reports in %v", len(found), left)
	}
}
