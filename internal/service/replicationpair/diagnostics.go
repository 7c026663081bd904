package replicationpair

import "github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"

// Section is what can be said of replication pairs, found or made.
func Section() diagnostic.Section {
	return diagnostic.Section{Title: "Replication pairs", Kinds: []diagnostic.Kind{
		pairOfDisk, willBeReplaced, neverShrinks, notGrown, diskStays, wouldDeleteProduction, deletesProduction,
	}}
}

// subject is what diagnostics of lists are about.
var subject = diagnostic.Subject{Name: "replication pairs", Title: "Replication Pairs"}

var (
	pairOfDisk = diagnostic.Warning(
		"Replication Pair Is There",
		"The plan creates a pair of a disk that has one, which is not in the state. A disk is in one pair at most.",
		"If an earlier apply made it and was killed, or it was made with a protected instance, import it with the id that "+
			"the message names. Otherwise choose another disk.",
	)
	willBeReplaced = diagnostic.Warning(
		"Replication Pair Will Be Replaced",
		"The plan deletes a pair and creates another one: its group or its disk was changed, it is tainted, or its creation "+
			"failed. The disk is without a replica until the new pair is synchronized.",
		"Unless that is wanted, change the configuration back. One that is tainted, and whole: `terraform untaint`.",
	)
	neverShrinks = diagnostic.Error("Replication Pair Never Shrinks",
		"`size` is smaller than the disks of the pair, which only grow. They may have been grown outside of Terraform.",
		"Set it to at least what the message says, or leave it out.")
	notGrown = diagnostic.Warning("Replication Pair Has Another Size",
		"A pair was created, and its disks have another size than `size`: to grow them failed, or they are larger.",
		"Plan again, and apply: that grows them. Where they are larger, set `size` to what they have.")
	diskStays = diagnostic.Warning(
		"DR Disk Stays",
		"A pair is deleted without `delete_target_volume`: its replica becomes a disk that nobody manages, and that "+
			"costs as before.",
		"Delete or import it yourself; but while the site `target` is active, it is in production. To have it deleted with "+
			"the pair, set `delete_target_volume = true`, and apply that first.",
	)
	wouldDeleteProduction = diagnostic.Warning(
		"Replication Pair Deletion Would Delete Production",
		"The group was switched, so that the disk at the site `target` is in production, and `delete_target_volume = true` "+
			"would delete it. As things are, apply will refuse to.",
		"Switch back first, by a planned failover to `source`. Or set `delete_target_volume = false`, and apply that: then "+
			"both disks stay.",
	)
	deletesProduction = diagnostic.Error(
		"Replication Pair Not Deleted",
		"The group was switched, so that the disk at the site `target` is in production, and `delete_target_volume = true` "+
			"would delete it. Nothing was deleted.",
		"Switch back first, by a planned failover to `source`. Or set `delete_target_volume = false`, and apply that: then "+
			"both disks stay.",
	)
)
