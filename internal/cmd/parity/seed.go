package main

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// object is an object of JSON.
type object = map[string]any

// text is a text of an object, and also a number of one that should have been a text; empty where it has neither.
func text(value any, name string) string {
	whole, _ := value.(object)
	switch value := whole[name].(type) {
	case string:
		return value
	case json.Number:
		return value.String()
	default:
		return ""
	}
}

func number(value any, name string) int {
	n, _ := strconv.Atoi(text(value, name))
	return n
}

func objects(value any, name string) []any {
	whole, _ := value.(object)
	items, _ := whole[name].([]any)
	return items
}

func at(value any, name string) time.Time {
	written := text(value, name)
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02T15:04:05", time.RFC3339} {
		if parsed, err := time.Parse(layout, written); err == nil {
			return parsed
		}
	}
	return time.Time{}
}

// seen is what a record shows of a cloud before anything was changed: the things of each list by their keys, in the
// order in which they were first shown.
type seen map[string][]object

// of collects what a record shows.
func of(record Record) seen {
	all := seen{}
	for _, e := range record.Exchanges {
		if e.Method != http.MethodGet && e.Service == serviceSDRS {
			break
		}
		answer, _ := e.Answer.(object)
		if e.Status != http.StatusOK || answer == nil || e.Service == serviceIAM || e.Service == serviceVersions {
			continue
		}
		for key, value := range answer {
			if items, ok := value.([]any); ok {
				for _, item := range items {
					if found, ok := item.(object); ok && key == "failure_jobs" && e.Query["server_group_id"] != "" {
						found = maps.Clone(found) // The list alone says whose it is.
						found["server_group_id"] = e.Query["server_group_id"]
						item = found
					}
					all.add(key, item)
				}
			}
		}
		all.add("servers", answer["server"])
		if quotas, ok := answer["quotas"].(object); ok {
			for _, item := range objects(quotas, "resources") {
				all.add("quotas", item)
			}
		}
		if strings.HasPrefix(e.Path, "jobs/") && e.Service == serviceSDRS {
			all.add("jobs", e.Answer)
		}
	}
	return all
}

func (s seen) add(key string, item any) {
	found, ok := item.(object)
	if !ok {
		return
	}
	same := func(other object) bool {
		return slices.ContainsFunc([]string{"id", "job_id", "type"}, func(name string) bool {
			return text(found, name) != "" && name != "type" && text(found, name) == text(other, name) ||
				key == "quotas" && text(found, "type") == text(other, "type")
		})
	}
	if !slices.ContainsFunc(s[key], same) {
		s[key] = append(s[key], found)
	}
}

// seed returns what makes a simulator hold what a record shows.
func seed(record Record) []simulator.Option {
	found := of(record)
	quotas := map[string]int{"server_groups": -1, "replications": -1}
	for _, q := range found["quotas"] {
		quotas[text(q, "type")] = number(q, "quota")
	}
	var domains []simulator.Domain
	for _, d := range found["domains"] {
		soldOut, _ := d["sold_out"].(bool)
		domains = append(domains, simulator.Domain{
			ID: text(d, "id"), Name: text(d, "name"), Description: text(d, "description"), SoldOut: soldOut,
			LocalAZ:  text(d["local_replication_cluster"], "availability_zone"),
			RemoteAZ: text(d["remote_replication_cluster"], "availability_zone"),
		})
	}
	var groups []simulator.Group
	for _, g := range found["server_groups"] {
		groups = append(groups, found.group(g))
	}
	return []simulator.Option{
		simulator.WithDomains(domains...), simulator.WithQuota(quotas["server_groups"], quotas["replications"]),
		simulator.WithGroups(groups...), simulator.WithPastJobs(found.jobs()...),
	}
}

func (s seen) group(g object) simulator.Group {
	group := simulator.Group{
		ID: text(g, "id"), Name: text(g, "name"), Description: text(g, "description"), Status: text(g, "status"),
		PriorityStation: text(g, "priority_station"), Progress: number(g, "progress"),
		SourceAZ: text(g, "source_availability_zone"), TargetAZ: text(g, "target_availability_zone"),
		DomainID: text(g, "domain_id"), DomainName: text(g, "domain_name"), VPCID: text(g, "source_vpc_id"),
		CreatedAt: at(g, "created_at"), UpdatedAt: at(g, "updated_at"),
	}
	for _, i := range s["protected_instances"] {
		if text(i, "server_group_id") == group.ID {
			group.Instances = append(group.Instances, s.instance(i))
		}
	}
	for _, p := range s["replications"] {
		if text(p, "server_group_id") == group.ID {
			addPair(&group, p)
		}
	}
	for _, d := range s["disaster_recovery_drills"] {
		if text(d, "server_group_id") != group.ID {
			continue
		}
		drill := simulator.Drill{
			ID: text(d, "id"), Name: text(d, "name"), Status: text(d, "status"), VPCID: text(d, "drill_vpc_id"),
			CreatedAt: at(d, "created_at"), UpdatedAt: at(d, "updated_at"),
		}
		for _, server := range objects(d, "drill_servers") {
			drill.Servers = append(drill.Servers, simulator.DrillServer{
				InstanceID: text(server, "protected_instance"), ServerID: text(server, "drill_server_id"),
			})
		}
		group.Drills = append(group.Drills, drill)
	}
	return group
}

func (s seen) instance(i object) simulator.Instance {
	metadata, _ := i["metadata"].(object)
	instance := simulator.Instance{
		ID: text(i, "id"), Name: text(i, "name"), Description: text(i, "description"), Status: text(i, "status"),
		PriorityStation: text(i, "priority_station"), Progress: number(i, "progress"),
		SourceServer: s.server(text(i, "source_server")), TargetServer: s.server(text(i, "target_server")),
		Frozen:    text(metadata, "__system__frozen") == "true",
		CreatedAt: at(i, "created_at"), UpdatedAt: at(i, "updated_at"),
	}
	for _, tag := range objects(i, "tags") {
		instance.Tags = append(instance.Tags, simulator.Tag{Key: text(tag, "key"), Value: text(tag, "value")})
	}
	return instance
}

// server is one that is stopped, unless the record shows otherwise.
func (s seen) server(id string) simulator.Server {
	server := simulator.Server{ID: id, Name: id, Status: simulator.ServerStopped}
	for _, found := range s["servers"] {
		if text(found, "id") == id {
			server.Status = text(found, "status")
		}
	}
	return server
}

// addPair adds a replication pair to a group: with the first instance that it is attached to.
func addPair(group *simulator.Group, p object) {
	metadata, _ := p["record_metadata"].(object)
	source, target, _ := strings.Cut(text(p, "volume_ids"), ",")
	shared, _ := metadata["multiattach"].(bool)
	pair := simulator.Pair{
		ID: text(p, "id"), Name: text(p, "name"), Description: text(p, "description"), Status: text(p, "status"),
		ReplicationStatus: text(p, "replication_status"), FaultLevel: text(p, "fault_level"),
		FailureDetail: text(p, "failure_detail"), PriorityStation: text(p, "priority_station"),
		Progress: number(p, "progress"), SourceVolume: source, TargetVolume: target, Shared: shared,
		SizeGB: number(metadata, "volume_size"), VolumeType: text(metadata, "volume_type"),
		CreatedAt: at(p, "created_at"), UpdatedAt: at(p, "updated_at"),
	}
	var keeper *simulator.Instance
	for _, attached := range objects(p, "attachment") {
		id, device := text(attached, "protected_instance"), text(attached, "device")
		n := slices.IndexFunc(group.Instances, func(i simulator.Instance) bool { return i.ID == id })
		if n >= 0 && keeper == nil {
			keeper, pair.Device = &group.Instances[n], device
			continue
		}
		pair.Further = append(pair.Further, simulator.Attachment{InstanceID: id, Device: device})
	}
	if keeper == nil {
		group.Pairs = append(group.Pairs, pair)
		return
	}
	keeper.Pairs = append(keeper.Pairs, pair)
}

// makes are the entities that jobs of a type have when they have made something, by the beginning of the type.
var makes = map[string]string{
	"createProtectionGroup": "server_group_id", "createProtectedInstance": "protected_instance_id",
	"createReplicationPair": "replication_pair_id", "createDisasterRecoveryDrill": "disaster_recovery_drill_id",
}

// jobs are the job that was asked for and the listed failures, in the order in which they began.
func (s seen) jobs() []simulator.PastJob {
	var jobs []simulator.PastJob
	for _, j := range s["jobs"] {
		jobs = append(jobs, pastJob(j))
	}
	for _, f := range s["failure_jobs"] {
		id := text(f, "job_id")
		n := slices.IndexFunc(jobs, func(j simulator.PastJob) bool { return j.ID == id })
		if n < 0 {
			n, jobs = len(jobs), append(jobs, simulator.PastJob{ID: id, Kind: text(f, "job_type"), Ended: true, Failed: true})
		}
		j := &jobs[n]
		j.Begin, j.Code, j.Reason = at(f, "begin_time"), text(f, "error_code"), text(f, "fail_reason")
		j.FailureStatus, j.ResourceID = text(f, "failure_status"), text(f, "resource_id")
		j.ResourceName, j.ResourceKind = text(f, "resource_name"), text(f, "resource_type")
		j.GroupID = cmp.Or(text(f, "server_group_id"), j.ResourceID)
	}
	slices.SortStableFunc(jobs, func(a, b simulator.PastJob) int { return a.Begin.Compare(b.Begin) })
	return jobs
}

func pastJob(j object) simulator.PastJob {
	status := text(j, "status")
	past := simulator.PastJob{
		ID: text(j, "job_id"), Kind: text(j, "job_type"), Begin: at(j, "begin_time"), End: at(j, "end_time"),
		Ended: status == "SUCCESS" || status == "FAIL", Failed: status == "FAIL",
		Code: text(j, "error_code"), Reason: text(j, "fail_reason"),
		Entities: map[string]string{}, Made: map[string]string{},
	}
	entities, _ := j["entities"].(object)
	for name := range entities {
		if value := text(entities, name); value != "" {
			past.Entities[name] = value
		}
	}
	for beginning, made := range makes {
		if strings.HasPrefix(past.Kind, beginning) {
			past.Made[made] = cmp.Or(text(entities, made), "an id")
			delete(past.Entities, made)
		}
	}
	for _, sub := range objects(entities, "sub_jobs") {
		if whole, ok := sub.(object); ok {
			past.Parts = append(past.Parts, pastJob(whole))
		}
	}
	return past
}
