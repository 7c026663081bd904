package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
)

// walk asks a cloud all that there is to ask without changing anything, one question after the other.
type walk struct {
	session  *cloud.Session
	recorder *recorder
	// groupID and jobID are what the user wants to know more of; empty: the first group, and no job.
	groupID, jobID string
}

// madeUp is the id of nothing.
const madeUp = "00000000-0000-4000-8000-000000000000"

// nouns are the lists of SDRS, the key of their items, and the steps of each.
var nouns = []struct{ path, key, one, many string }{
	{"/server-groups", "server_groups", "group", "groups"},
	{"/protected-instances", "protected_instances", "instance", "instances"},
	{"/replications", "replications", "pair", "pairs"},
	{"/disaster-recovery-drills", "disaster_recovery_drills", "drill", "drills"},
	{failureJobs, "failure_jobs", "", "failure jobs"},
}

const (
	failureJobs = "/task-center/failure-jobs"
	pageSize    = 999 // The most that all sentences of the reference allow.
	mostPages   = 20
)

// item is what a list says of a thing.
type item struct {
	ID              string `json:"id"`
	Name            string `json:"name"`
	Status          string `json:"status"`
	PriorityStation string `json:"priority_station"`
	SourceZone      string `json:"source_availability_zone"`
	TargetZone      string `json:"target_availability_zone"`
	FailureStatus   string `json:"failure_status"`
}

// get asks for a path in the project of SDRS. What the cloud refuses is an answer, too.
func (w *walk) get(ctx context.Context, step, path string, parameters ...string) (json.RawMessage, error) {
	w.recorder.at("", step)
	query := url.Values{}
	for n := 0; n+1 < len(parameters); n += 2 {
		query.Set(parameters[n], parameters[n+1])
	}
	var answer json.RawMessage
	err := w.session.Get(ctx, cloud.SDRS, path, query, &answer)
	if _, refused := errors.AsType[*cloud.APIError](err); refused {
		return nil, nil
	}
	if _, unreadable := errors.AsType[*cloud.MalformedError](err); unreadable {
		return nil, nil
	}
	return answer, err
}

// bare asks for a URL with no token, or one that is none.
func (w *walk) bare(ctx context.Context, step, target, token string) error {
	w.recorder.at("", step)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, http.NoBody)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	if token != "" {
		req.Header.Set("X-Auth-Token", token)
	}
	resp, err := w.recorder.RoundTrip(req)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return errors.Join(err, resp.Body.Close())
}

// list asks for all pages of a list.
func (w *walk) list(ctx context.Context, step, path, key string, parameters ...string) ([]item, error) {
	var all []item
	for page := range mostPages {
		asked := slices.Clone(parameters)
		if page > 0 {
			asked = append(asked, "limit", strconv.Itoa(pageSize), "offset", strconv.Itoa(len(all)))
		}
		answer, err := w.get(ctx, step, path, asked...)
		if err != nil {
			return nil, err
		}
		var whole map[string]json.RawMessage
		var raw []json.RawMessage
		_ = json.Unmarshal(answer, &whole) // What is no list has no items; what is wrong with it, the comparison says.
		_ = json.Unmarshal(whole[key], &raw)
		for _, one := range raw {
			var found item
			_ = json.Unmarshal(one, &found)
			all = append(all, found)
		}
		if len(raw) < pageSize {
			break
		}
	}
	return all, nil
}

// questions are steps with their paths and parameters.
type questions [][]string

func (w *walk) ask(ctx context.Context, all questions) error {
	for _, q := range all {
		if _, err := w.get(ctx, q[0], q[1], q[2:]...); err != nil {
			return err
		}
	}
	return nil
}

// read is the walk that changes nothing.
func (w *walk) read(ctx context.Context) error {
	versions := w.recorder.versions()
	for _, q := range [][]string{
		{"versions", versions + "/", ""},
		{"version", versions + "/v1", ""},
		{"quotas with an invalid token", w.recorder.sdrs + "/sdrs/quotas", noToken},
	} {
		if err := w.bare(ctx, q[0], q[1], q[2]); err != nil {
			return err
		}
	}
	if err := w.ask(ctx, questions{{"active domains", "/active-domains"}, {"quotas", "/sdrs/quotas"}}); err != nil {
		return err
	}
	found := map[string][]item{}
	for _, noun := range nouns {
		items, err := w.list(ctx, noun.many, noun.path, noun.key)
		if err != nil {
			return err
		}
		found[noun.path] = items
	}
	group, known := w.choose(found["/server-groups"])
	if known {
		w.groupID = group.ID // As the cloud writes it.
		if err := w.look(ctx, group.ID); err != nil {
			return err
		}
		if err := w.ask(ctx, w.filters(found, group)); err != nil {
			return err
		}
	}
	for _, noun := range nouns {
		if err := w.ask(ctx, pages(noun.many, noun.path)); err != nil {
			return err
		}
		if noun.one == "" {
			continue
		}
		if err := w.ask(ctx, questions{{noun.one + " with a made-up id", noun.path + "/" + madeUp}}); err != nil {
			return err
		}
	}
	if w.jobID != "" {
		if err := w.ask(ctx, questions{{"job", "/jobs/" + url.PathEscape(w.jobID)}}); err != nil {
			return err
		}
	}
	return w.ask(ctx, questions{
		{"job with a made-up id", "/jobs/" + madeUp},
		{"pairs of a made-up group", "/replications", "server_group_id", madeUp},
		{"failure jobs of a made-up group", failureJobs, "server_group_id", madeUp},
	})
}

// choose returns the group that the walk is about.
func (w *walk) choose(groups []item) (item, bool) {
	at := slices.IndexFunc(groups, func(group item) bool { return w.groupID == "" || cloud.SameID(group.ID, w.groupID) })
	if at < 0 || groups[at].ID == "" {
		return item{}, false
	}
	return groups[at], true
}

// look asks for a group with all that belongs to it, and for the first of each by itself.
func (w *walk) look(ctx context.Context, groupID string) error {
	if err := w.ask(ctx, questions{{"group", "/server-groups/" + url.PathEscape(groupID)}}); err != nil {
		return err
	}
	for _, noun := range nouns[1:] {
		items, err := w.list(ctx, noun.many+" of a group", noun.path, noun.key, "server_group_id", groupID)
		if err != nil {
			return err
		}
		if noun.one == "" || len(items) == 0 || items[0].ID == "" {
			continue
		}
		one := noun.path + "/" + url.PathEscape(items[0].ID)
		asked := questions{{noun.one, one}}
		if noun.one == "instance" {
			asked = append(asked, []string{"tags", one + "/tags"},
				[]string{"pairs of an instance", "/replications", "protected_instance_id", items[0].ID})
		}
		if err := w.ask(ctx, asked); err != nil {
			return err
		}
	}
	return nil
}

// pages asks for parts of a list, and with limits about which the reference contradicts itself.
func pages(many, path string) questions {
	return questions{
		{many + ", one", path, "limit", "1"},
		{many + ", the second", path, "limit", "1", "offset", "1"},
		{many + ", none", path, "limit", "0"},
		{many + ", too many", path, "limit", strconv.Itoa(pageSize + 1)},
		{many + ", behind the last", path, "limit", "1", "offset", "100000"},
	}
}

// filters asks for parts of lists by what the first thing of each has.
func (w *walk) filters(found map[string][]item, group item) questions {
	zone := group.SourceZone
	if group.PriorityStation == "target" {
		zone = group.TargetZone
	}
	var asked questions
	for _, noun := range nouns[:4] {
		if len(found[noun.path]) == 0 {
			continue
		}
		asked = append(asked,
			[]string{noun.many + " by status", noun.path, "status", found[noun.path][0].Status},
			[]string{noun.many + " by a status that none has", noun.path, "status", "error-deleting"})
		if name, usable := unlike(found[noun.path]); usable {
			asked = append(asked, []string{noun.many + " by name", noun.path, "name", name},
				[]string{noun.many + " by a part of the name", noun.path, "name", name[1:]})
		}
		if noun.one != "drill" {
			asked = append(asked, []string{noun.many + " by zone", noun.path, "availability_zone", zone},
				[]string{noun.many + " that are abnormal", noun.path, "query_type", "status_abnormal"},
				[]string{noun.many + " without protection", noun.path, "query_type", "stop_protected"},
				[]string{noun.many + " by a query type that is none", noun.path, "query_type", "no_such_type"})
		}
		if noun.one == "instance" || noun.one == "pair" {
			ids, _ := json.Marshal([]string{group.ID}) // A text can't fail.
			asked = append(asked, []string{noun.many + " of a list of groups", noun.path, "server_group_ids", string(ids)})
		}
	}
	if failed := found[failureJobs]; len(failed) > 0 {
		asked = append(asked,
			[]string{"failure jobs by status", failureJobs, "failure_status", failed[0].FailureStatus})
	}
	return asked
}

// unlike returns a name of which even a part is in no other one, so that what stands for it in a record finds the same.
func unlike(items []item) (name string, found bool) {
	for _, candidate := range items {
		part := candidate.Name
		if len(part) < 4 || strings.ContainsFunc(part, func(r rune) bool { return r > '~' }) {
			continue
		}
		alike := 0
		for _, other := range items {
			if strings.Contains(strings.ToLower(other.Name), strings.ToLower(part[1:])) {
				alike++
			}
		}
		if alike == 1 {
			return candidate.Name, true
		}
	}
	return "", false
}

// deadline ends a walk of a cloud that answers, but never comes to an end.
const deadline = 2 * time.Hour
