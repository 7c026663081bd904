package protectedinstance

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// observation is a protected instance, and the replication pairs that are attached to it.
type observation struct {
	sdrs.ProtectedInstance

	volumes map[string][]string     // By the pair's id; without a pair whose disks can't be read.
	sites   map[string]sdrs.Station // Of the disks, as far as known.
}

// pairType is a replication pair of an instance.
var pairType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"id": types.StringType, "device": types.StringType, "volume_ids": types.ListType{ElemType: types.StringType},
	"source_volume_id": types.StringType, "target_volume_id": types.StringType,
}}

// pairs are the replication pairs, in the order of their devices.
func (o observation) pairs() types.List {
	attachments := slices.SortedFunc(slices.Values(o.Attachments), func(a, b sdrs.InstanceAttachment) int {
		return cmp.Or(cmp.Compare(a.Device, b.Device), cmp.Compare(a.ReplicationPair, b.ReplicationPair))
	})
	pairs := []attr.Value{}
	for _, attachment := range attachments {
		volumes, ids := types.ListNull(types.StringType), o.volumes[cloud.CanonicalID(attachment.ReplicationPair)]
		if ids != nil {
			// The order of the API says nothing, and may change with a switch.
			volumes = types.ListValueMust(types.StringType, tfkit.Each(slices.Sorted(slices.Values(ids)),
				func(id string) attr.Value { return types.StringValue(id) }))
		}
		source, target := o.bySite(ids)
		pairs = append(pairs, types.ObjectValueMust(pairType.AttrTypes, map[string]attr.Value{
			"id": tfkit.OrNull(attachment.ReplicationPair), "device": tfkit.OrNull(attachment.Device), "volume_ids": volumes,
			"source_volume_id": tfkit.OrNull(source), "target_volume_id": tfkit.OrNull(target),
		}))
	}
	return types.ListValueMust(pairType, pairs)
}

// bySite tells the two disks of a pair apart; empty: not known. Where the site of one is known, so is that of the other.
func (o observation) bySite(ids []string) (source, target string) {
	if len(ids) != 2 {
		return "", ""
	}
	switch first, second := o.sites[cloud.CanonicalID(ids[0])], o.sites[cloud.CanonicalID(ids[1])]; {
	case first == second:
		return "", ""
	case first == sdrs.Source || second == sdrs.Target:
		return ids[0], ids[1]
	default:
		return ids[1], ids[0]
	}
}

// located reports whether the site of each disk is known.
func (o observation) located() bool {
	for _, ids := range o.volumes {
		if source, _ := o.bySite(ids); source == "" && len(ids) == 2 {
			return false
		}
	}
	return true
}

// status returns a read of an instance and its status; empty: there is none.
func (r *protectedInstance) status(
	groupID string,
	found *observation,
) func(context.Context, string) (sdrs.Status, error) {
	return tfkit.StatusOf(found, func(ctx context.Context, id string) (observation, error) {
		return r.observe(ctx, groupID, id)
	}, sdrs.IsInstanceNotFound, func(o observation) sdrs.Status { return o.Status })
}

// observe reads an instance with its pairs (GET protected-instances, replications). A pair that the user may not read,
// or that is gone by then, has no disks.
func (r *protectedInstance) observe(ctx context.Context, groupID, id string) (observation, error) {
	instance, err := r.Services.SDRS.ObserveInstance(ctx, groupID, id)
	if err != nil {
		return observation{}, err
	}
	pairs, failures := make([]sdrs.ReplicationPair, len(instance.Attachments)), make([]error, len(instance.Attachments))
	var all sync.WaitGroup
	for n, attachment := range instance.Attachments {
		all.Go(func() {
			pairs[n], failures[n] = r.Services.SDRS.ObservePair(ctx, instance.GroupID, attachment.ReplicationPair)
			if sdrs.IsForbidden(failures[n]) || sdrs.IsPairNotFound(failures[n]) {
				failures[n] = nil
			}
		})
	}
	all.Wait()
	return observation{ProtectedInstance: instance, volumes: volumesOf(pairs)}, errors.Join(failures...)
}

// observeAll is observe, with the sites of the disks, as far as they are not known (GET cloudservers/{id}).
func (r *protectedInstance) observeAll(
	ctx context.Context, groupID, id string, known resourceModel,
) (observation, error) {
	instance, err := r.observe(ctx, groupID, id)
	if err == nil {
		r.locate(ctx, &instance, known)
	}
	return instance, err
}

// locate finds out which disks are at which site (GET cloudservers/{id}): SDRS does not say, and a server has those of
// its own. That never changes, so what is known is not asked for again; and who may not read a server asks for no other
// in this run.
func (r *protectedInstance) locate(ctx context.Context, o *observation, known resourceModel) {
	o.sites = known.sites()
	servers := []struct {
		site sdrs.Station
		id   string
	}{
		{sdrs.Source, cmp.Or(known.SourceServerID.ValueString(), o.SourceServer)},
		{sdrs.Target, cmp.Or(known.TargetServerID.ValueString(), o.TargetServer)},
	}
	for _, server := range servers {
		if server.id == "" || o.located() || r.Services.NoServers.Load() {
			continue
		}
		configuration, err := r.Services.ECS.Configuration(ctx, server.id)
		if err != nil && !ecs.IsNotFound(err) {
			r.Services.NoServers.Store(true)
		}
		for _, volume := range configuration.Volumes {
			o.sites[cloud.CanonicalID(volume.ID)] = server.site
		}
	}
}

// volumesOf returns the disks of pairs by the ids of these.
func volumesOf(pairs []sdrs.ReplicationPair) map[string][]string {
	volumes := map[string][]string{}
	for _, pair := range pairs {
		volumes[cloud.CanonicalID(pair.ID)] = pair.VolumeIDs()
	}
	return volumes
}
