package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
)

// The endings of a file: what it is.
const (
	EndingHTML = ".html"
	EndingJSON = ".json"
)

const (
	// writeEvery is how far apart writes are at least, but for the last one.
	writeEvery = time.Second
	// closeLimit is how long the end of an action waits for the last write. After Ctrl-C it has five seconds for all.
	closeLimit = 3 * time.Second
)

// File is a report on its way to a file: as a whole, by another file that takes its place, whenever something has
// happened. All methods of a nil File do nothing, for an action that is to write none. It is safe for concurrent use.
type File struct {
	*records
	// asked is the path that was asked for, path the one that is written.
	asked, path string
	// aside is where the file went that was there before; empty: there was none.
	aside string
	// written is the content of the last write; nil: there was none.
	written []byte

	closing chan struct{}
	// closed tells how the last write went.
	closed chan error
}

// Writable reports whether a file could be written, and leaves nothing behind.
func Writable(path string) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return &fs.PathError{Op: "write", Path: path, Err: errors.New("it is no regular file")}
	}
	file, err := temporary(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

// Create begins a report, and writes it once. A file that is there already is no obstacle, since the same command is run
// again, and no loss: it is renamed by the time of its last change.
func Create(path string, about About, subjects []Subject) (*File, error) {
	if err := Writable(path); err != nil {
		return nil, err
	}
	f := &File{
		records: newRecords(about, subjects), asked: path, path: path,
		closing: make(chan struct{}), closed: make(chan error, 1),
	}
	if err := f.write(); err != nil {
		return nil, err
	}
	go f.keep()
	return f, nil
}

// free is a name like that of path with a time in it that no file has.
func free(path string, t time.Time) string {
	ending := filepath.Ext(path)
	stem := strings.TrimSuffix(path, ending) + "-" + t.UTC().Format("20060102T150405Z")
	for n := 1; ; n++ {
		name := stem + ending
		if n > 1 {
			name = fmt.Sprintf("%s-%d%s", stem, n, ending)
		}
		if _, err := os.Lstat(name); err != nil {
			return name
		}
	}
}

// Aside is where the file went that was there before; empty: there was none.
func (f *File) Aside() string {
	if f == nil {
		return ""
	}
	return f.aside
}

// Begin notes that it is a group's turn.
func (f *File) Begin(groupID string) {
	if f != nil {
		f.begin(groupID)
	}
}

// Progress notes how far a group got.
func (f *File) Progress(progress failover.Progress) {
	if f != nil {
		f.progress(progress)
	}
}

// End notes how a group ended.
func (f *File) End(groupID string, end End) {
	if f != nil {
		f.end(groupID, end)
	}
}

// Close notes how the action ended, writes the report for the last time, and returns where it is. The error is that of
// the last write.
func (f *File) Close(state string, notes ...string) (path string, err error) {
	if f == nil {
		return "", nil
	}
	f.close(state, notes)
	close(f.closing)
	limit := time.NewTimer(closeLimit)
	defer limit.Stop()
	select {
	case err := <-f.closed:
		return f.path, err
	case <-limit.C:
		return f.asked, fmt.Errorf("writing took longer than %s", closeLimit)
	}
}

// keep writes what has changed, until the report is closed. Whoever changes something never waits for the disk, and an
// error is of interest only where it is that of the last write.
func (f *File) keep() {
	ticker := time.NewTicker(writeEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if f.pending() {
				_ = f.write()
			}
		case <-f.closing:
			err := f.write()
			f.leave()
			f.closed <- err
			return
		}
	}
}

// pending reports whether something is to be written.
func (r *records) pending() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.changed
}

// write writes the report as it is by now, to a file that then takes its place.
func (f *File) write() error {
	report := f.snapshot()
	content, err := f.render(report)
	if err != nil {
		return err
	}
	file, err := temporary(f.path)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = f.replace(file.Name(), report.StartedAt)
	}
	if err != nil {
		_ = os.Remove(file.Name()) // What failed counts, and not what is left.
		return err
	}
	f.written = content
	return nil
}

// inUse are the paths that reports of this program are written to. One apply may have several actions that were given
// the same file: each gets one of its own. Names are chosen by one report at a time.
var inUse = struct {
	sync.Mutex
	paths map[string]bool
}{paths: map[string]bool{}}

// replace gives the name of the report to what was written.
func (f *File) replace(written string, started time.Time) error {
	inUse.Lock()
	defer inUse.Unlock()
	if err := f.makeRoom(started); err != nil {
		return err
	}
	if err := os.Rename(written, f.path); err != nil {
		return err
	}
	inUse.paths[f.path] = true
	return nil
}

// leave ends the use of the path.
func (f *File) leave() {
	inUse.Lock()
	defer inUse.Unlock()
	delete(inUse.paths, f.path)
}

// makeRoom keeps a file that is there and is not the report. One from before the report is renamed. The report of
// another action stays, and so does what another program has put in the report's place: the report goes on under
// another name.
func (f *File) makeRoom(started time.Time) error {
	info, missing := os.Stat(f.path)
	if missing != nil {
		return nil //nolint:nilerr // There is room.
	}
	if f.written == nil && !inUse.paths[f.path] {
		aside := free(f.path, info.ModTime())
		if err := os.Rename(f.path, aside); err != nil {
			return err
		}
		f.aside = aside
		return nil
	}
	if there, err := os.ReadFile(f.path); err != nil || !bytes.Equal(there, f.written) {
		if f.written != nil { // The name is no longer its own.
			delete(inUse.paths, f.path)
		}
		f.path = free(f.path, started)
	}
	return nil
}

// temporary creates a file beside path, with the rights that the user's new files have.
func temporary(path string) (*os.File, error) {
	if !strings.HasSuffix(path, EndingHTML) && !strings.HasSuffix(path, EndingJSON) {
		return nil, &fs.PathError{Op: "write", Path: path, Err: errors.New("it ends neither in .html nor in .json")}
	}
	folder, name := filepath.Split(path)
	for n := 0; ; n++ {
		hidden := filepath.Join(folder, fmt.Sprintf(".%s.%d-%d", name, os.Getpid(), n))
		file, err := os.OpenFile(hidden, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666) //nolint:gosec // The umask is the user's.
		if failure, ok := errors.AsType[*fs.PathError](err); ok {
			err = &fs.PathError{Op: "write", Path: path, Err: failure.Err}
		}
		if !errors.Is(err, fs.ErrExist) {
			return file, err
		}
	}
}

// render returns the content of the file.
func (f *File) render(report Report) ([]byte, error) {
	var content bytes.Buffer
	if strings.HasSuffix(f.path, EndingHTML) {
		err := page(&content, report)
		return content.Bytes(), err
	}
	encoder := json.NewEncoder(&content)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(report)
	return content.Bytes(), err
}
