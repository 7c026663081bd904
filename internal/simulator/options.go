package simulator

import "time"

// WithDomains replaces the active-active domains, which are DemoDomain alone by default.
func WithDomains(domains ...Domain) Option { return func(s *Simulator) { s.domains = domains } }

// WithQuota sets how many protection groups and replication pairs there may be, 50 and 100 by default; -1 is no limit.
func WithQuota(groups, pairs int) Option {
	return func(s *Simulator) { s.groupQuota, s.pairQuota = groups, pairs }
}

// IDShown says when a job's entities hold the id of what the job creates.
type IDShown int

// The readings of a job's entities. The reference shows an id in a job that has succeeded, and says nothing of others.
const (
	IDAtEnd     IDShown = iota // of each job that has ended, a failed one too
	IDOnSuccess                // of a job that has succeeded
	IDFromStart                // from the moment on that the job is accepted
)

// WithIDShown sets when a job's entities hold the id of what the job creates, IDAtEnd by default.
func WithIDShown(when IDShown) Option { return func(s *Simulator) { s.idsShown = when } }

// WithSoldOutRefused lets a sold-out domain take no new group: SDRS.0205. By default it does.
func WithSoldOutRefused() Option { return func(s *Simulator) { s.soldOutRefused = true } }

// WithProtectedGroupsKept lets an empty group that is protected not be deleted: SDRS.1002. By default it can be.
func WithProtectedGroupsKept() Option { return func(s *Simulator) { s.protectedStays = true } }

// WithBusy lets a group take one change at a time: while a job of the group or of its members runs, and for a while
// after it, each further change and action is refused with code, SDRS.1002 or SDRS.0209. By default they run in
// parallel.
func WithBusy(code string, after time.Duration) Option {
	return func(s *Simulator) { s.busyCode, s.busyAfter = code, after }
}

// WithMissingAs404 lets SDRS answer 404 instead of 400 for a group, an instance, or a pair that doesn't exist, with the
// same code.
func WithMissingAs404() Option { return func(s *Simulator) { s.missingAs404 = true } }

// WithLateRefusals lets these codes come later: the creation of an instance or a pair is accepted, its job fails with
// the code, and a thing with the status error is left. That goes for codes about the fitness of a server or a disk that
// exists and has no instance or pair, such as SDRS.1802. By default all refusals come at once.
func WithLateRefusals(codes ...string) Option { return func(s *Simulator) { s.lateCodes = codes } }

// WithPartsLeft lets the failed creation of an instance leave its DR server, DR disks, and pairs, these with the status
// error, too. By default it leaves the instance alone.
func WithPartsLeft() Option { return func(s *Simulator) { s.partsLeft = true } }

// WithoutNewMembersAfterSwitch lets a group whose production is at the target site take no instance (SDRS.1303) and no
// pair (SDRS.1809). By default it takes the servers and disks of its current production site.
func WithoutNewMembersAfterSwitch() Option { return func(s *Simulator) { s.newAfterSwitch = false } }

// SeparatePairs says what becomes of a pair that was created by itself when an instance that has it is deleted. Those
// that were made together with the instance go with it.
type SeparatePairs int

// The readings of what becomes of a separate pair.
const (
	PairsStay   SeparatePairs = iota // unattached, with both disks
	PairsGo                          // with the instance, and the DR disk with the DR server
	PairsRefuse                      // the deletion is refused with SDRS.1301
)

// WithSeparatePairs sets what becomes of pairs that were created by themselves, PairsStay by default.
func WithSeparatePairs(what SeparatePairs) Option {
	return func(s *Simulator) { s.separatePairs = what }
}

// WithEIPFlagNeedingServerFlag lets delete_target_eip count only together with delete_target_server, as the console has
// it. By default it counts alone.
func WithEIPFlagNeedingServerFlag() Option { return func(s *Simulator) { s.eipFlagAlone = false } }

// WithOriginalSites lets a resize take the source site for production and the target site for DR, whatever the current
// production site is. By default the current one counts.
func WithOriginalSites() Option { return func(s *Simulator) { s.originalSites = true } }

// WithTagLimit sets how many tags an instance may have, 20 by default; a creation may set 10 of them.
func WithTagLimit(n int) Option { return func(s *Simulator) { s.tagLimit = n } }

// WithMemberLimits sets how many instances (SDRS.1358) and unattached pairs (SDRS.1826) a group may have. The reference
// says that there are limits; by default there are none, which is -1.
func WithMemberLimits(instances, unattachedPairs int) Option {
	return func(s *Simulator) { s.memberLimit, s.looseLimit = instances, unattachedPairs }
}

// WithAttachedPairsNeeded lets a group be enabled only when one of its pairs is attached. By default any pair will do.
func WithAttachedPairsNeeded() Option { return func(s *Simulator) { s.attachedNeeded = true } }

// WithFailedAttachmentsStaying lets a pair with the status error-attaching not be detached from the instance that it
// was to be attached to: SDRS.1604. By default it can be, and rests again then, since the reference lists that status
// among those that can be detached from.
func WithFailedAttachmentsStaying() Option {
	return func(s *Simulator) { s.failedAttachmentsStay = true }
}

// WithSyncRate sets how many GB of a pair are synchronized in a second once protection is enabled. Until a pair is done
// its replication_status reads copying and its progress how far it is, though its status is protected. By default, 0,
// it takes no time.
func WithSyncRate(gigabytes float64) Option { return func(s *Simulator) { s.syncRate = gigabytes } }

// WithProductionFirst lets source_server be the server that is in production now, target_server the other one, and
// volume_ids begin with the disk that is. By default they follow the zones, and stay as they are in a switch.
func WithProductionFirst() Option { return func(s *Simulator) { s.productionFirst = true } }

// WithUnattachedPairsStopped lets a pair that no instance has not be synchronized: in a protected group it reads
// active-stopped until it is attached. By default it is like the others.
func WithUnattachedPairsStopped() Option { return func(s *Simulator) { s.looseStopped = true } }

// WithNICsAtBothSites lets a new NIC be one at both servers of an instance, each with its own id and address. By
// default the server at the current production site has it alone.
func WithNICsAtBothSites() Option { return func(s *Simulator) { s.nicsAtBoth = true } }

// WithFailureJobsBlocking lets a group with failed jobs on the list not be deleted: SDRS.1002. By default it can be.
func WithFailureJobsBlocking() Option { return func(s *Simulator) { s.recordsBlock = true } }

// WithCreationsUnseen lets a new group, instance or pair be read, alone and in lists, only so long after its creation
// was accepted. It counts, and blocks what it blocks, from the beginning. By default it is there at once, creating.
func WithCreationsUnseen(d time.Duration) Option { return func(s *Simulator) { s.unseen = d } }
