package protectedinstance

import (
	"context"
	"fmt"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/ecs"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/failover"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/sdrs"
)

func failed(name, detail, remedy string) failover.Check {
	return failover.Check{Name: name, Verdict: failover.Fail, Detail: detail, Remedy: remedy}
}

func unread(name, what string, err error) failover.Check {
	return failover.Check{
		Name: name, Verdict: failover.Unknown, Detail: fmt.Sprintf("The %s can't be read: %s.", what, err),
	}
}

// groupFitness tells whether a group takes members. One that moves will rest: that is waited for.
func groupFitness(group sdrs.Group, err error) (checks []failover.Check) {
	const name = "group"
	switch {
	case sdrs.IsNotFound(err):
		return []failover.Check{failed(name, "There is no such protection group.", "Check protection_group_id.")}
	case err != nil:
		return []failover.Check{unread(name, "protection group", err)}
	case group.Status.Phase() == sdrs.Moving:
	case group.Status != sdrs.StatusAvailable && group.Status != sdrs.StatusProtected:
		checks = append(
			checks,
			failed(name,
				fmt.Sprintf("The protection group is %s: it takes new members while it is available or protected.", group.Status),
				"Bring it there first."),
		)
	}
	if group.PriorityStation == sdrs.Target {
		checks = append(checks, failover.Check{
			Name: "active_site", Verdict: failover.Unknown,
			Detail: "The group is switched: whether it takes new members at the site target is not documented.",
		})
	}
	return checks
}

// unreadServer is the check of a server that can't be read, or is not there.
func unreadServer(err error) failover.Check {
	if ecs.IsNotFound(err) {
		return failed("server", "There is no such server.", "Check server_id.")
	}
	return unread("server", "server", err)
}

// serverFitness tells whether a server can be protected at all.
func serverFitness(server ecs.Configuration) (checks []failover.Check) {
	if server.Status != ecs.Active && server.Status != ecs.Stopped {
		checks = append(
			checks,
			failed("server", fmt.Sprintf("The server %s, neither ACTIVE nor SHUTOFF.", server.Server), "Start or stop it."),
		)
	}
	if server.Locked {
		checks = append(checks, failed("server_lock", "Another service has locked the server.", "Wait until that has ended."))
	}
	return checks
}

// placeFitness tells whether a server is where its group has production.
func placeFitness(server ecs.Configuration, group sdrs.Group) (checks []failover.Check) {
	if zone := group.AvailabilityZone(group.PriorityStation); server.AvailabilityZone != "" && zone != "" &&
		server.AvailabilityZone != zone {
		checks = append(
			checks,
			failed("availability_zone", fmt.Sprintf("The server is in %s, and production of the group in %s.",
				server.AvailabilityZone, zone), "Choose a server in that availability zone, or another group."),
		)
	}
	if vpc := server.Metadata.VPCID; vpc != "" && group.SourceVPCID != "" && !cloud.SameID(vpc, group.SourceVPCID) {
		checks = append(
			checks,
			failed("vpc", fmt.Sprintf("The server is in the VPC %s, and the group in %s.", vpc, group.SourceVPCID),
				"Choose a server in that VPC, or another group."),
		)
	}
	return checks
}

// quotaFitness tells whether there may be so many replication pairs more (GET sdrs/quotas).
func (r *protectedInstance) quotaFitness(ctx context.Context, disks int) failover.Check {
	const name = "quota"
	quotas, err := r.Services.SDRS.Quotas(ctx)
	if err != nil {
		return unread(name, "quota of replication pairs", err)
	}
	for _, quota := range quotas {
		if quota.Type == "replications" && quota.Quota >= 0 && quota.Used+int64(disks) > quota.Quota {
			return failed(
				name,
				fmt.Sprintf("%d of %d replication pairs are used, and the server has %d disks.", quota.Used, quota.Quota, disks),
				"Delete a pair, or ask for a larger quota.",
			)
		}
	}
	return failover.Check{Name: name, Verdict: failover.Pass}
}
