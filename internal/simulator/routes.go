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
	RouteDeleteFailureJob       = "delete-failure-job"        // DELETE task-center/failure-jobs/{id}
	RouteDeleteFailureJobs      = "delete-failure-jobs"       // DELETE task-center/failure-jobs/batch
	RouteDeleteGroupFailureJobs = "delete-group-failure-jobs" // DELETE task-center/{id}/failure-jobs/batch

	RouteServer       = "server"        // GET cloudservers/{id}
	RouteServerAction = "server-action" // POST cloudservers/action
	RouteServerJob    = "server-job"    // GET jobs/{id} of ECS
)

// Where the services of a project are, as the catalog says.
const (
	pathSDRS = "/sdrs/v1/"
	pathECS  = "/ecs/v1/"
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
	{"GET", pathSDRS, "jobs/{id}", RouteJob, showJob(pathSDRS, "SDRS.0201")},
	{"GET", pathSDRS, "task-center/failure-jobs", RouteFailureJobs, (*Simulator).listFailureJobs},
	{"DELETE", pathSDRS, "task-center/failure-jobs/{id}", RouteDeleteFailureJob, (*Simulator).deleteFailureJob},
	{"DELETE", pathSDRS, "task-center/failure-jobs/batch", RouteDeleteFailureJobs, (*Simulator).deleteFailureJobs},
	{"DELETE", pathSDRS, "task-center/{id}/failure-jobs/batch", RouteDeleteGroupFailureJobs,
		(*Simulator).deleteFailureJobsOfGroup},
	{"GET", pathSDRS, "active-domains", RouteActiveDomains, (*Simulator).listActiveDomains},
	{"GET", pathSDRS, "sdrs/quotas", RouteQuotas, (*Simulator).showQuotas},

	{"GET", pathECS, "cloudservers/{id}", RouteServer, (*Simulator).showServer},
	{"POST", pathECS, "cloudservers/action", RouteServerAction, (*Simulator).actOnServers},
	{"GET", pathECS, "jobs/{id}", RouteServerJob, showJob(pathECS, "Ecs.0001")},
}
