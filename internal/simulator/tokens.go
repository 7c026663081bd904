package simulator

import (
	"crypto/rand"
	"net/http"
	"slices"
	"time"
)

// IssueToken returns a new token for the account's project, as if the user had logged in.
func (s *Simulator) IssueToken() string {
	s.mu.Lock()
	defer s.mu.Unlock()

	now := s.clock.Now()

	return s.issueToken(grant{
		domainID: s.account.DomainID, projectID: s.account.ProjectID,
		methods: []string{"password"}, issued: now, expires: now.Add(s.tokenLifetime),
	})
}

// IssueTemporaryKeys returns new temporary keys for the delegated project, as if the user had assumed the agency.
func (s *Simulator) IssueTemporaryKeys() (accessKey, secretKey, securityToken string) {
	s.mu.Lock()
	defer s.mu.Unlock()

	accessKey, k := s.issueKeys(s.clock.Now())

	return accessKey, k.secret, k.securityToken
}

// RevokeTokens makes every token issued so far invalid. Temporary keys are not tokens and stay valid.
func (s *Simulator) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()

	clear(s.tokens)
}

// Secrets returns everything that must never appear in a log: the password, all secret keys, and all tokens and security
// tokens issued so far, valid or not.
func (s *Simulator) Secrets() []string {
	s.mu.Lock()
	defer s.mu.Unlock()

	return append([]string{s.account.Password, s.account.SecretKey}, s.issuedSecrets...)
}

func (s *Simulator) issueToken(g grant) string {
	token := "simulated-token-" + rand.Text()
	s.tokens[token] = g
	s.issuedSecrets = append(s.issuedSecrets, token)

	return token
}

func (s *Simulator) issueKeys(now time.Time) (string, key) {
	accessKey := "TEMPORARY" + rand.Text()
	k := key{
		secret:        "simulated-secret-key-" + rand.Text(),
		securityToken: "simulated-security-token-" + rand.Text(),
		expires:       now.Add(s.tokenLifetime),
	}
	s.keys[accessKey] = k
	s.issuedSecrets = append(s.issuedSecrets, k.secret, k.securityToken)

	return accessKey, k
}

func identityTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

type domainWire struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type projectWire struct {
	ID     string     `json:"id"`
	Name   string     `json:"name"`
	Domain domainWire `json:"domain"`
}

type tokenWire struct {
	ExpiresAt string           `json:"expires_at"`
	IssuedAt  string           `json:"issued_at"`
	Methods   []string         `json:"methods"`
	Project   *projectWire     `json:"project,omitempty"`
	Domain    *domainWire      `json:"domain,omitempty"`
	User      projectWire      `json:"user"` // the same three fields
	Roles     []domainWire     `json:"roles"`
	Catalog   []catalogService `json:"catalog"`
}

type catalogService struct {
	ID        string            `json:"id"`
	Name      string            `json:"name"`
	Type      string            `json:"type"`
	Endpoints []catalogEndpoint `json:"endpoints"`
}

type catalogEndpoint struct {
	ID        string `json:"id"`
	Interface string `json:"interface"`
	Region    string `json:"region"`
	RegionID  string `json:"region_id"`
	URL       string `json:"url"`
}

func (s *Simulator) domain(id string) domainWire {
	return domainWire{ID: id, Name: s.account.domainName(id)}
}

func (s *Simulator) tokenBody(base string, g grant) map[string]tokenWire {
	token := tokenWire{
		ExpiresAt: identityTime(g.expires),
		IssuedAt:  identityTime(g.issued),
		Methods:   g.methods,
		User: projectWire{
			ID: s.account.UserID, Name: s.account.UserName, Domain: s.domain(s.account.DomainID),
		},
		Roles:   []domainWire{},
		Catalog: s.catalog(base, g.projectID),
	}
	if g.projectID != "" {
		token.Project = &projectWire{
			ID: g.projectID, Name: s.account.projectName(g.projectID), Domain: s.domain(g.domainID),
		}
	} else {
		domain := s.domain(g.domainID)
		token.Domain = &domain
	}

	return map[string]tokenWire{"token": token}
}

// otherRegion comes first in every catalog, so that a client which doesn't mind its region ends up at a path that
// nobody serves.
const otherRegion = "eu-nl"

// catalog lists the services. Those of a project are only there for a credential that is scoped to one.
func (s *Simulator) catalog(base, projectID string) []catalogService {
	paths := []struct{ kind, path string }{{"identity", "/v3"}}
	if projectID != "" {
		paths = append(paths,
			struct{ kind, path string }{"sdrs", "/sdrs/v1/" + projectID},
			struct{ kind, path string }{"ecs", "/ecs/v1/" + projectID})
	}

	services := make([]catalogService, 0, len(paths))
	for _, service := range paths {
		endpoint := func(region, url string) catalogEndpoint {
			return catalogEndpoint{
				ID: derivedID("endpoint", region, service.kind), Interface: "public", Region: region, RegionID: region, URL: url,
			}
		}
		services = append(services, catalogService{
			ID: derivedID("service", service.kind), Name: service.kind, Type: service.kind,
			Endpoints: []catalogEndpoint{
				endpoint(otherRegion, base+"/other-region"+service.path),
				endpoint(s.account.Region, base+service.path),
			},
		})
	}

	return services
}

// showCatalog serves GET /v3/auth/catalog. A signed request that names no project gets its key's project.
func (s *Simulator) showCatalog(in *incoming) answer {
	projectID := in.who.projectID
	if projectID == "" && in.who.signed {
		_, projectID = s.account.home(in.who.delegated)
	}

	return ok(map[string]any{"catalog": s.catalog(in.base, projectID), "links": noLinks})
}

// noLinks is the paging of a list that fits on one page.
var noLinks = map[string]*string{"next": nil, "previous": nil}

// listProjects serves GET /v3/projects?name= and GET /v3/auth/projects?name=.
func (s *Simulator) listProjects(in *incoming) answer {
	domainID, projectID := s.account.home(in.who.delegated)
	projects := []map[string]any{}
	name := s.account.projectName(projectID)
	if matches(in, name) {
		projects = append(projects, map[string]any{
			"id": projectID, "name": name, "domain_id": domainID, "parent_id": domainID,
			"enabled": true, "is_domain": false, "description": "",
		})
	}

	return ok(map[string]any{"projects": projects, "links": noLinks})
}

// listDomains serves GET /v3/auth/domains?name=.
func (s *Simulator) listDomains(in *incoming) answer {
	domainID, _ := s.account.home(in.who.delegated)
	domains := []map[string]any{}
	name := s.account.domainName(domainID)
	if matches(in, name) {
		domains = append(domains, map[string]any{"id": domainID, "name": name, "enabled": true, "description": ""})
	}

	return ok(map[string]any{"domains": domains, "links": noLinks})
}

// matches reports whether name passes the optional name parameter of an IAM list, which is exact.
func matches(in *incoming, name string) bool {
	names := in.URL.Query()["name"]

	return len(names) == 0 || slices.Contains(names, name)
}

func version(base string) map[string]any {
	return map[string]any{
		"id": "v3.6", "status": "stable", "updated": "2016-04-04T00:00:00Z",
		"links":       []map[string]string{{"rel": "self", "href": base + "/v3/"}},
		"media-types": []map[string]string{{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}},
	}
}

// listVersions serves GET /, the version discovery of IAM.
func (s *Simulator) listVersions(in *incoming) answer {
	return answer{
		status: http.StatusMultipleChoices,
		body:   map[string]any{"versions": map[string]any{"values": []any{version(in.base)}}},
	}
}

// showVersion serves GET /v3.
func (s *Simulator) showVersion(in *incoming) answer {
	return ok(map[string]any{"version": version(in.base)})
}
