package attachment

import "github.com/terraform-sdrs/terraform-provider-sdrs/internal/diagnostic"

// Section is what can be said of attachments, beside the pairs that they are of.
func Section() diagnostic.Section {
	return diagnostic.Section{Title: "Replication pairs", Kinds: []diagnostic.Kind{
		attachedYet, willBeDetached, willBeReplaced, deviceFixed,
	}}
}

// What diagnostics are about.
var (
	subject         = diagnostic.Subject{Name: "replication pair attachment", Title: "Replication Pair Attachment"}
	instanceSubject = diagnostic.Subject{Name: "protected instance", Title: "Protected Instance"}
	subjects        = diagnostic.Subject{Name: "replication pairs", Title: "Replication Pairs"}
)

var (
	attachedYet = diagnostic.Warning(
		"Replication Pair Is Attached",
		"The plan attaches a pair to a protected instance that has it already, and the attachment is not in the state.",
		"If an earlier apply did that and was killed, or SDRS made the pair with the instance, import it with the ids of "+
			"both.",
	)
	willBeDetached = diagnostic.Warning("Disk Will Be Detached",
		"The plan destroys an attachment: the disk is taken from a server that may be running.",
		"Unmount the file system first. A disk whose pair SDRS made with the protected instance needs no resource: take "+
			"attachment and pair out of the state instead, with `removed` blocks or `terraform state rm`.")
	willBeReplaced = diagnostic.Warning("Replication Pair Attachment Will Be Replaced",
		"The plan detaches a pair and attaches it, or another one, anew: an id was changed, it is tainted, or to attach it "+
			"failed.",
		"Unless that is wanted, change the configuration back. Unmount the file system first.")
	deviceFixed = diagnostic.Warning(
		"Device Is Fixed",
		"`device` ends with another letter than the name that the disk has. An attached disk keeps its device, and nothing "+
			"is done about it.",
		"Set `device` to what the message says. To have another one all the same, use `terraform apply -replace`: that "+
			"detaches the disk.",
	)
)
