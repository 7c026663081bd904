package simulator

// The routes, for Fault.Route, Request.Route and Count.
const (
	RouteVersions       = "versions"        // GET /, /v3
	RouteAuth           = "auth"            // POST and GET /v3/auth/tokens
	RouteCatalog        = "catalog"         // GET /v3/auth/catalog
	RouteProjects       = "projects"        // GET /v3/projects, /v3/auth/projects
	RouteDomains        = "domains"         // GET /v3/auth/domains
	RouteSecurityTokens = "security-tokens" // POST /v3.0/OS-CREDENTIAL/securitytokens

	RouteGroup         = "group"          // GET server-groups/{id}
	RouteGroups        = "groups"         // GET server-groups
	RouteAction        = "action"         // POST server-groups/{id}/action
	RouteJob           = "job"            // GET jobs/{id} of SDRS
	RouteInstances     = "instances"      // GET protected-instances
	RoutePairs         = "pairs"          // GET replications
	RouteFailureJobs   = "failure-jobs"   // GET task-center/failure-jobs
	RouteActiveDomains = "active-domains" // GET active-domains
	RouteQuotas        = "quotas"         // GET sdrs/quotas

	RouteCreateGroup            = "create-group"              // POST server-groups
	RouteRenameGroup            = "rename-group"              // PUT server-groups/{id}
	RouteDeleteGroup            = "delete-group"              // DELETE server-groups/{id}
	RouteInstance               = "instance"                  // GET protected-instances/{id}
	RouteCreateInstance         = "create-instance"           // POST protected-instances
	RouteRenameInstance         = "rename-instance"           // PUT protected-instances/{id}
	RouteDeleteInstance         = "delete-instance"           // DELETE protected-instances/{id}
	RouteResize                 = "resize"                    // POST protected-instances/{id}/resize
	RouteAttach                 = "attach"                    // POST protected-instances/{id}/attachreplication
	RouteDetach                 = "detach"                    // DELETE protected-instances/{id}/detachreplication/{pair}
	RouteAddNIC                 = "add-nic"                   // POST protected-instances/{id}/nic
	RouteDeleteNIC              = "delete-nic"                // POST protected-instances/{id}/nic/delete
	RouteTags                   = "tags"                      // GET protected-instances/{id}/tags
	RouteAddTag                 = "add-tag"                   // POST protected-instances/{id}/tags
	RouteDeleteTag              = "delete-tag"                // DELETE protected-instances/{id}/tags/{key}
	RouteTagsAction             = "tags-action"               // POST protected-instances/{id}/tags/action
	RouteProjectTags            = "project-tags"              // GET protected-instances/tags
	RouteInstancesByTags        = "instances-by-tags"         // POST protected-instances/resource_instances/action
	RoutePair                   = "pair"                      // GET replications/{id}
	RouteCreatePair             = "create-pair"               // POST replications
	RouteRenamePair             = "rename-pair"               // PUT replications/{id}
	RouteDeletePair             = "delete-pair"               // DELETE replications/{id}
	RoutePairAction             = "pair-action"               // POST replications/{id}/action
	RouteDrill                  = "drill"                     // GET disaster-recovery-drills/{id}
	RouteDrills                 = "drills"                    // GET disaster-recovery-drills
	RouteCreateDrill            = "create-drill"              // POST disaster-recovery-drills
	RouteRenameDrill            = "rename-drill"              // PUT disaster-recovery-drills/{id}
	RouteDeleteDrill            = "delete-drill"              // DELETE disaster-recovery-drills/{id}
	RouteAPIVersions            = "api-versions"              // GET /, /v1 of SDRS
	RouteDeleteFailureJob       = "delete-failure-job"        // DELETE task-center/failure-jobs/{id}
	RouteDeleteFailureJobs      = "delete-failure-jobs"       // DELETE task-center/failure-jobs/batch
	RouteDeleteGroupFailureJobs = "delete-group-failure-jobs" // DELETE task-center/{id}/failure-jobs/batch

	RouteServer       = "server"        // GET cloudservers/{id}
	RouteServers      = "servers"       // GET cloudservers/detail
	RouteServerAction = "server-action" // POST cloudservers/action
	RouteServerDisks  = "server-disks"  // GET cloudservers/{id}/block_device
	RouteServerNICs   = "server-nics"   // GET cloudservers/{id}/os-interface
	RouteServerJob    = "server-job"    // GET jobs/{id} of ECS
	RouteDisk         = "disk"          // GET volumes/{id} and cloudvolumes/{id} of EVS
)

// Where the services of a project are, as the catalog says.
const (
	pathSDRS = "/sdrs/v1/"
	pathECS  = "/ecs/v1/"
	pathEVS  = "/evs/v2/"
)

// routes says who serves what, beside IAM. A path that is not here is a 404 of the gateway, another method a 405.
var routes = []struct {
	method, service, path, route string
	handle                       handler
}{
	{"GET", pathSDRS, "server-groups", RouteGroups, (*Simulator).listGroups},
	{"GET", pathSDRS, "server-groups/{id}", RouteGroup, (*Simulator).showGroup},
	{"POST", pathSDRS, "server-groups", RouteCreateGroup, (*Simulator).createGroup},
	{"PUT", pathSDRS, "server-groups/{id}", RouteRenameGroup, (*Simulator).renameGroup},
	{"DELETE", pathSDRS, "server-groups/{id}", RouteDeleteGroup, (*Simulator).deleteGroupAsked},
	{"POST", pathSDRS, "server-groups/{id}/action", RouteAction, (*Simulator).actOnGroup},
	{"GET", pathSDRS, "protected-instances", RouteInstances, (*Simulator).listInstances},
	{"GET", pathSDRS, "replications", RoutePairs, (*Simulator).listPairs},
	{"POST", pathSDRS, "protected-instances", RouteCreateInstance, (*Simulator).createInstance},
	{"GET", pathSDRS, "protected-instances/{id}", RouteInstance, (*Simulator).showInstance},
	{"PUT", pathSDRS, "protected-instances/{id}", RouteRenameInstance, (*Simulator).renameInstance},
	{"DELETE", pathSDRS, "protected-instances/{id}", RouteDeleteInstance, (*Simulator).deleteInstance},
	{"POST", pathSDRS, "protected-instances/{id}/resize", RouteResize, (*Simulator).resizeInstance},
	{"POST", pathSDRS, "protected-instances/{id}/attachreplication", RouteAttach, (*Simulator).attachPair},
	{"DELETE", pathSDRS, "protected-instances/{id}/detachreplication/{pair}", RouteDetach, (*Simulator).detachPair},
	{"POST", pathSDRS, "protected-instances/{id}/nic", RouteAddNIC, (*Simulator).addNIC},
	{"POST", pathSDRS, "protected-instances/{id}/nic/delete", RouteDeleteNIC, (*Simulator).deleteNIC},
	{"GET", pathSDRS, "protected-instances/{id}/tags", RouteTags, (*Simulator).listTags},
	{"POST", pathSDRS, "protected-instances/{id}/tags", RouteAddTag, (*Simulator).addTag},
	{"DELETE", pathSDRS, "protected-instances/{id}/tags/{key}", RouteDeleteTag, (*Simulator).deleteTagAsked},
	{"POST", pathSDRS, "protected-instances/{id}/tags/action", RouteTagsAction, (*Simulator).actOnTags},
	{"GET", pathSDRS, "protected-instances/tags", RouteProjectTags, (*Simulator).listProjectTags},
	{"POST", pathSDRS, "protected-instances/resource_instances/action", RouteInstancesByTags, (*Simulator).searchByTags},
	{"POST", pathSDRS, "replications", RouteCreatePair, (*Simulator).createPair},
	{"GET", pathSDRS, "replications/{id}", RoutePair, (*Simulator).showPair},
	{"PUT", pathSDRS, "replications/{id}", RouteRenamePair, (*Simulator).renamePair},
	{"DELETE", pathSDRS, "replications/{id}", RouteDeletePair, (*Simulator).deletePair},
	{"POST", pathSDRS, "replications/{id}/action", RoutePairAction, (*Simulator).actOnPair},
	{"GET", pathSDRS, "disaster-recovery-drills", RouteDrills, (*Simulator).listDrills},
	{"POST", pathSDRS, "disaster-recovery-drills", RouteCreateDrill, (*Simulator).createDrill},
	{"GET", pathSDRS, "disaster-recovery-drills/{id}", RouteDrill, (*Simulator).showDrill},
	{"PUT", pathSDRS, "disaster-recovery-drills/{id}", RouteRenameDrill, (*Simulator).renameDrill},
	{"DELETE", pathSDRS, "disaster-recovery-drills/{id}", RouteDeleteDrill, (*Simulator).deleteDrill},
	{"GET", pathSDRS, "jobs/{id}", RouteJob, showJob(pathSDRS, "SDRS.0201")},
	{"GET", pathSDRS, "task-center/failure-jobs", RouteFailureJobs, (*Simulator).listFailureJobs},
	{"DELETE", pathSDRS, "task-center/failure-jobs/{id}", RouteDeleteFailureJob, (*Simulator).deleteFailureJob},
	{"DELETE", pathSDRS, "task-center/failure-jobs/batch", RouteDeleteFailureJobs, (*Simulator).deleteFailureJobs},
	{
		"DELETE", pathSDRS, "task-center/{id}/failure-jobs/batch", RouteDeleteGroupFailureJobs,
		(*Simulator).deleteFailureJobsOfGroup,
	},
	{"GET", pathSDRS, "active-domains", RouteActiveDomains, (*Simulator).listActiveDomains},
	{"GET", pathSDRS, "sdrs/quotas", RouteQuotas, (*Simulator).showQuotas},

	{"GET", pathECS, "cloudservers/{id}", RouteServer, (*Simulator).showServer},
	{"GET", pathECS, "cloudservers/detail", RouteServers, (*Simulator).listServers},
	{"GET", pathECS, "cloudservers/{id}/block_device", RouteServerDisks, (*Simulator).listServerDisks},
	{"GET", pathECS, "cloudservers/{id}/os-interface", RouteServerNICs, (*Simulator).listServerNICs},
	{"POST", pathECS, "cloudservers/action", RouteServerAction, (*Simulator).actOnServers},
	{"GET", pathECS, "jobs/{id}", RouteServerJob, showJob(pathECS, "Ecs.0001")},

	{"GET", pathEVS, "volumes/{id}", RouteDisk, (*Simulator).showDisk},
	{"GET", pathEVS, "cloudvolumes/{id}", RouteDisk, (*Simulator).showDisk},
}
