package iam

import (
	"encoding/json"
	"net/http"
	"slices"
)

// reference names a domain, project, role or agency, by id or by name.
type reference struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type authRequest struct {
	Auth struct {
		Identity struct {
			Methods  []string `json:"methods"`
			Password struct {
				User struct {
					reference

					Password string    `json:"password"`
					Domain   reference `json:"domain"`
				} `json:"user"`
			} `json:"password"`
			Token struct {
				ID string `json:"id"`
			} `json:"token"`
			AssumeRole struct {
				DomainID   string `json:"domain_id"`
				DomainName string `json:"domain_name"`
				RoleName   string `json:"xrole_name"`
				AgencyName string `json:"agency_name"`
			} `json:"assume_role"`
		} `json:"identity"`
		Scope *struct {
			Project *struct {
				reference

				Domain reference `json:"domain"`
			} `json:"project"`
			Domain *reference `json:"domain"`
		} `json:"scope"`
	} `json:"auth"`
}

// createToken serves POST /v3/auth/tokens.
func (s *Service) createToken(in *request) response {
	var login authRequest
	if err := json.Unmarshal(in.body, &login); err != nil {
		return refuse(http.StatusBadRequest, "The request body is not valid JSON.")
	}

	g, status, problem := s.identify(in, login)
	if problem != "" {
		return refuse(status, problem)
	}
	if problem := s.scope(&g, login); problem != "" {
		return refuse(http.StatusUnauthorized, problem)
	}

	return response{status: http.StatusCreated, token: s.issueToken(g), body: s.tokenBody(in, g)}
}

// identify checks who asks for a token. The text says why it is refused, with that status.
func (s *Service) identify(in *request, login authRequest) (g Grant, status int, problem string) {
	identity := login.Auth.Identity
	g = Grant{
		domainID: s.account.DomainID, methods: identity.Methods,
		issued: in.now, expires: in.now.Add(s.lifetime),
	}
	switch {
	case slices.Equal(identity.Methods, []string{"password"}):
		user := identity.Password.User
		known := user.ID == s.account.UserID ||
			user.Name == s.account.UserName && s.account.domainIs(s.account.DomainID, user.Domain)
		if !known || user.Password != s.account.Password {
			return Grant{}, http.StatusUnauthorized, "The username or password is wrong."
		}

		return g, 0, ""
	case slices.Equal(identity.Methods, []string{"token"}):
		old, ok := s.tokens[identity.Token.ID]
		if !ok || !in.now.Before(old.expires) {
			return Grant{}, http.StatusUnauthorized, "The token is invalid or has expired."
		}
		old.methods = g.methods
		old.issued = in.now // but it lives no longer than the token it was made from

		return old, 0, ""
	case slices.Equal(identity.Methods, []string{"assume_role"}):
		if _, problem := s.credential(in); problem != "" {
			return Grant{}, http.StatusUnauthorized, problem
		}
		if !s.isAgency(login) {
			return Grant{}, http.StatusForbidden, noAgency
		}
		g.delegated = true
		g.domainID = s.account.AgencyDomainID

		return g, 0, ""
	default:
		return Grant{}, http.StatusBadRequest, noMethod
	}
}

const (
	noAgency = "You are not authorized to assume the agency."
	noMethod = "The authentication methods are not supported."
)

// isAgency reports whether a request names the account's agency.
func (s *Service) isAgency(login authRequest) bool {
	role := login.Auth.Identity.AssumeRole
	named := role.RoleName == s.account.AgencyName || role.AgencyName == s.account.AgencyName

	return named && s.account.domainIs(s.account.AgencyDomainID, reference{ID: role.DomainID, Name: role.DomainName})
}

// scope narrows a grant to the project or domain that was asked for. The text says why that is refused.
func (s *Service) scope(g *Grant, login authRequest) string {
	scope := login.Auth.Scope
	if scope == nil {
		return "" // a token made from a token keeps its scope, any other has none
	}

	homeDomain, homeProject := s.account.home(g.delegated)
	switch {
	case scope.Project != nil:
		byName := scope.Project.Name == s.account.projectName(homeProject) &&
			s.account.domainIs(homeDomain, scope.Project.Domain)
		if scope.Project.ID != homeProject && !byName {
			return "The project does not exist or you have no access to it."
		}
		g.ProjectID = homeProject
	case scope.Domain != nil:
		if !s.account.domainIs(homeDomain, *scope.Domain) {
			return "The domain does not exist or you have no access to it."
		}
		g.ProjectID = ""
	}

	return ""
}

// validateToken serves GET /v3/auth/tokens.
func (s *Service) validateToken(in *request) response {
	token := in.Header.Get(headerSubjectToken)
	g, known := s.tokens[token]
	if !known || !in.now.Before(g.expires) {
		return refuse(http.StatusNotFound, "The subject token is invalid or has expired.")
	}

	return response{status: http.StatusOK, token: token, body: s.tokenBody(in, g)}
}

// createKeys serves POST /v3.0/OS-CREDENTIAL/securitytokens.
func (s *Service) createKeys(in *request) response {
	var login authRequest
	if err := json.Unmarshal(in.body, &login); err != nil {
		return refuse(http.StatusBadRequest, "The request body is not valid JSON.")
	}
	if !slices.Equal(login.Auth.Identity.Methods, []string{"assume_role"}) {
		return refuse(http.StatusBadRequest, noMethod)
	}
	if !s.isAgency(login) {
		return refuse(http.StatusForbidden, noAgency)
	}

	accessKey, k := s.issueKeys(in.now)

	return response{status: http.StatusCreated, body: map[string]map[string]string{"credential": {
		"access":        accessKey,
		"secret":        k.secret,
		"securitytoken": k.securityToken,
		"expires_at":    identityTime(k.expires),
	}}}
}
