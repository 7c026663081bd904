package iam

import "net/http"

// otherRegion comes first in every catalog, so that a client which doesn't mind its region ends up at a path that
// nobody serves.
const otherRegion = "eu-nl"

// catalog lists the services. Those of a project are only there for a credential that is scoped to one.
func (s *Service) catalog(base, projectID string) []object {
	service := func(kind, path string) object {
		endpoint := func(region, url string) object {
			return object{
				"id": hexSum(region + kind)[:32], "interface": "public", "region": region, "region_id": region, "url": url,
			}
		}

		return object{"id": hexSum(kind)[:32], "name": kind, "type": kind, "endpoints": []object{
			endpoint(otherRegion, base+"/other-region"+path),
			endpoint(s.account.Region, base+path),
		}}
	}

	services := []object{service("identity", "/v3")}
	for _, e := range s.services {
		if projectID != "" {
			services = append(services, service(e.Type, e.Path+projectID))
		}
	}

	return services
}

// showCatalog serves GET /v3/auth/catalog. A signed request that names no project gets its key's project.
func (s *Service) showCatalog(in *request) response {
	projectID := in.who.ProjectID
	if projectID == "" && in.who.signed {
		_, projectID = s.account.home(in.who.delegated)
	}

	return ok(object{"catalog": s.catalog(in.base(), projectID), "links": noLinks})
}

// noLinks is the paging of a list that fits on one page.
var noLinks = map[string]*string{"next": nil, "previous": nil}

// listProjects serves GET /v3/projects?name= and GET /v3/auth/projects?name=.
func (s *Service) listProjects(in *request) response {
	domainID, projectID := s.account.home(in.who.delegated)
	projects := []object{}
	if name := s.account.projectName(projectID); in.names(name) {
		projects = append(projects, object{
			"id": projectID, "name": name, "domain_id": domainID, "parent_id": domainID,
			"enabled": true, "is_domain": false, "description": "",
		})
	}

	return ok(object{"projects": projects, "links": noLinks})
}

// listDomains serves GET /v3/auth/domains?name=.
func (s *Service) listDomains(in *request) response {
	domainID, _ := s.account.home(in.who.delegated)
	domains := []object{}
	if name := s.account.domainName(domainID); in.names(name) {
		domains = append(domains, object{"id": domainID, "name": name, "enabled": true, "description": ""})
	}

	return ok(object{"domains": domains, "links": noLinks})
}

func version(in *request) object {
	return object{
		"id": "v3.6", "status": "stable", "updated": "2016-04-04T00:00:00Z",
		"links": []map[string]string{{"rel": "self", "href": in.base() + "/v3/"}},
		"media-types": []map[string]string{
			{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"},
		},
	}
}

// listVersions serves GET /, the version discovery of IAM.
func (s *Service) listVersions(in *request) response {
	return response{
		status: http.StatusMultipleChoices,
		body:   object{"versions": object{"values": []any{version(in)}}},
	}
}

// showVersion serves GET /v3.
func (s *Service) showVersion(in *request) response {
	return ok(object{"version": version(in)})
}
