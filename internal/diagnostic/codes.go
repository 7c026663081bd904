package diagnostic

import "slices"

// Code is an error code of SDRS that an operation can meet.
type Code struct {
	Code, Meaning string
	// Remedy is what to do before trying again.
	Remedy string
}

const (
	permit = "Give the user the permissions for SDRS in this project."
	rest   = "While the group moves, wait for that to end. At rest it stays as it is: what leads on stands under " +
		"Statuses in the troubleshooting guide."
	production = "Bring production back to the site source by a planned failover, or set delete_target_server and " +
		"delete_target_eip to false, which is an apply of its own."
	notEmpty = "The group has protected instances, replication pairs, or DR drills: the reason says which."
	empty    = "Disable protection, and delete what is in the group first."
	reverse  = "The group is partly reversed: reverse it towards the same site."
	stop     = "Stop all servers of the group at the active site, and leave the servers at both sites stopped until the " +
		"operation has ended."
	stopIt = "Stop the server that the reason names, or for a switch all servers of the group at the active site, and " +
		"leave them stopped until the operation has ended."
)

// Codes are the codes that the provider has a remedy for.
var Codes = []Code{
	{"SDRS.0003", "The user lacks the permission.", permit},
	{"SDRS.0004", "The user lacks the permission.", permit},
	{"SDRS.0005", "The user lacks the permission.", permit},
	{"SDRS.0009", "The user lacks the permission.", permit},
	{"SDRS.0203", "The availability zones are not those of the domain.", "Set both to those of one active-active domain."},
	{"SDRS.0204", "There is no such VPC.", "Check the id of the VPC, and the project that the provider works in."},
	{
		"SDRS.0205",
		"There is no such active-active domain, or it is sold out.",
		"Choose another domain, see sdrs_active_domains.",
	},
	{"SDRS.0209", "The group is in a status that does not allow this.", rest},
	{"SDRS.0305", "The quota of protection groups is used up.", "Delete a group, or ask for a larger quota."},
	{"SDRS.1001", notEmpty, empty},
	{"SDRS.1003", notEmpty, empty},
	{"SDRS.1010", notEmpty, empty},
	{"SDRS.1002", "The group is in a status that does not allow this.", rest},
	{
		"SDRS.1013",
		"There is no such group in the project.",
		"Check the id of the group, and the project that the provider works in.",
	},
	{"SDRS.1019", "Protection is not enabled.", "Enable protection of the group, and wait until it is protected."},
	{"SDRS.1023", "The group is in a status that does not allow this.", rest},
	{"SDRS.1025", "The group and one of its protected instances are active at different sites.", reverse},
	{"SDRS.1026", "The group and one of its replication pairs are active at different sites.", reverse},
	{
		"SDRS.1301", "The protected instance is in a status that does not allow this.",
		"See its status in the console, and wait until it rests.",
	},
	{
		"SDRS.1303",
		"The server is in another availability zone than production.",
		"Choose a server in the availability zone of the active site.",
	},
	{"SDRS.1304", "The server is in another VPC than the group.", "Choose a server in the VPC of the group."},
	{
		"SDRS.1305",
		"The server has a protected instance already.",
		"Import that, or end its protection where it was configured.",
	},
	{"SDRS.1308", "A server could not be stopped.", "Stop the servers of the group at the active site yourself."},
	{
		"SDRS.1314",
		"A protected instance is not in order.",
		"A server of a protected instance was deleted or is faulty: repair or remove that instance.",
	},
	{"SDRS.1316", "A server at the active site is not stopped.", stopIt},
	{"SDRS.1319", "A server at the active site is not stopped.", stop},
	{"SDRS.1330", "The DR server that was to be deleted is in production.", production},
	{"SDRS.1338", "The EIP that was to be released is that of production.", production},
	{
		"SDRS.1342", "A server at the site that is not active runs.",
		"Stop all servers of the group at the site that is not active, and leave them stopped until the operation has ended.",
	},
	{"SDRS.1352", "A server at the active site is not stopped.", stop},
	{
		"SDRS.1601", "A replication pair is in a status that does not allow this.",
		"If a site of the group is down, wait until it is back. Otherwise check the group's replication pairs: one of them is in " +
			"a state that does not allow this.",
	},
	{"SDRS.1605", "The replication pair is attached.", "Detach it first."},
	{"SDRS.1801", "The disk is attached to a server, or not in order.", "Detach the disk from its server first."},
	{"SDRS.1802", "The disk is encrypted.", "Use a disk that is not encrypted: others can't be replicated."},
	{"SDRS.1806", "Disks of this type can't be replicated.", "Use a disk of another type."},
	{
		"SDRS.1809", "The group was switched: the site that is meant to be the DR site is in production.",
		"Switch back first. To delete a pair, or set delete_target_volume = false: then both disks stay.",
	},
	{
		"SDRS.1810",
		"The disk is in another availability zone than production.",
		"Use a disk in the availability zone of the active site.",
	},
	{"SDRS.1811", "The disk is in a replication pair already.", "Import that pair, or choose another disk."},
	{"SDRS.1830", "Data is still being synchronized.", "Wait until all replication pairs are synchronized."},
	{"SDRS.1831", "Another operation has locked a disk.", "Wait until the operation that has locked the disk ends."},
	{
		"SDRS.2203", "There are more tags than the cloud takes.",
		"Take some tags away. A creation takes 10; how many there may be later is documented as 10 and as 20.",
	},
}

// IsStatus reports whether an error code says that the status of the group does not allow an operation.
func IsStatus(code string) bool { return Remedy(code, "") == rest }

// Remedy returns what to do about an error code, or otherwise.
func Remedy(code, otherwise string) string {
	if i := slices.IndexFunc(Codes, func(c Code) bool { return c.Code == code }); i >= 0 {
		return Codes[i].Remedy
	}
	return otherwise
}
