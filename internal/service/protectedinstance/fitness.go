package protectedinstance

import (
	"context"
	"fmt"
	"regexp"
	"sync"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/evs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tfkit"
)

// unreadServer is the check of a server that can't be read, or is not there.
func unreadServer(err error) failover.Check {
	if ecs.IsNotFound(err) {
		return tfkit.Failed("server", "There is no such server.", "Check server_id.")
	}
	return tfkit.Unread("server", "server", err)
}

// serverFitness tells whether a server can be protected at all.
func serverFitness(server ecs.Configuration) (checks []failover.Check) {
	if server.Status != ecs.Active && server.Status != ecs.Stopped {
		checks = append(
			checks,
			tfkit.Failed("server", fmt.Sprintf("The server %s, neither ACTIVE nor SHUTOFF.", server.Server), "Start or stop it."),
		)
	}
	if server.Locked {
		checks = append(checks, tfkit.Failed("server_lock", "Another service has locked the server.", "Wait until that has ended."))
	}
	return checks
}

// placeFitness tells whether a server is where its group has production.
func placeFitness(server ecs.Configuration, group sdrs.Group) (checks []failover.Check) {
	if zone := group.AvailabilityZone(group.PriorityStation); server.AvailabilityZone != "" && zone != "" &&
		server.AvailabilityZone != zone {
		checks = append(checks, tfkit.Elsewhere("server", server.AvailabilityZone, group))
	}
	if vpc := server.Metadata.VPCID; vpc != "" && group.SourceVPCID != "" && !cloud.SameID(vpc, group.SourceVPCID) {
		checks = append(
			checks,
			tfkit.Failed("vpc", fmt.Sprintf("The server is in the VPC %s, and the group in %s.", vpc, group.SourceVPCID),
				"Choose a server in that VPC, or another group."),
		)
	}
	return checks
}

// flavorFitness tells whether servers of a family can't be protected, by the documentation, which may be behind the
// cloud.
func flavorFitness(flavor string) (checks []failover.Check) {
	if unprotected.MatchString(flavor) {
		checks = append(checks, failover.Check{
			Name: "flavor", Verdict: failover.Unknown,
			Detail: fmt.Sprintf("The server's flavor, %s, is of a family that by the documentation can't be protected.", flavor),
		})
	}
	return checks
}

// unprotected are flavors with GPUs, FPGAs, Kunpeng processors, local disks, or InfiniBand, and of certain generations.
var unprotected = regexp.MustCompile(`^(g|p|pi|fp|k[cim]|d|hl)[0-9]|^[csim]9|^c6`)

// diskFitness tells whether the disks of a server can be replicated (GET cloudvolumes/{id} of EVS).
func (r *protectedInstance) diskFitness(ctx context.Context, server ecs.Configuration) (checks []failover.Check) {
	const name = "disks"
	disks, failures := make([]evs.Disk, len(server.Volumes)), make([]error, len(server.Volumes))
	var all sync.WaitGroup
	for n, volume := range server.Volumes {
		all.Go(func() { disks[n], failures[n] = r.Services.EVS.Disk(ctx, volume.ID) })
	}
	all.Wait()
	var unread error
	for n, disk := range disks {
		switch {
		case failures[n] != nil:
			unread = failures[n]
		case disk.Encrypted():
			checks = append(checks, tfkit.Failed(name, fmt.Sprintf("The disk %s is encrypted.", disk.ID),
				"Move its data to a disk that is not, and detach it."))
		case disk.Shared:
			checks = append(checks, tfkit.Failed(name, fmt.Sprintf("The disk %s is a shared one.", disk.ID),
				"Detach it. Once the server is protected, replicate the disk by itself and attach the pair."))
		}
	}
	if unread != nil { // The reason is the same for all, nearly always.
		checks = append(checks, tfkit.Unread(name, "disks (EVS)", unread))
	}
	return checks
}
