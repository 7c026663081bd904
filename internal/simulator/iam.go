package simulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// grant is what a valid credential permits.
type grant struct {
	domainID  string
	projectID string // empty when not scoped to a project
	delegated bool   // obtained through the agency
	methods   []string
	issued    time.Time
	expires   time.Time
	signed    bool // an AK/SK signature, not a token
}

// key is the secret part of an access key.
type key struct {
	secret        string
	securityToken string // of temporary keys
	expires       time.Time
}

func (k key) temporary() bool { return k.securityToken != "" }

type domainRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type authRequest struct {
	Auth struct {
		Identity struct {
			Methods  []string `json:"methods"`
			Password struct {
				User struct {
					ID       string    `json:"id"`
					Name     string    `json:"name"`
					Password string    `json:"password"`
					Domain   domainRef `json:"domain"`
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
				ID     string    `json:"id"`
				Name   string    `json:"name"`
				Domain domainRef `json:"domain"`
			} `json:"project"`
			Domain *domainRef `json:"domain"`
		} `json:"scope"`
	} `json:"auth"`
}

// createToken serves POST /v3/auth/tokens.
func (s *Simulator) createToken(in *incoming) answer {
	var request authRequest
	if err := json.Unmarshal(in.body, &request); err != nil {
		return identityAnswer(http.StatusBadRequest, "The request body is not valid JSON.")
	}

	g, refusal := s.identify(in, request)
	if refusal != nil {
		return *refusal
	}
	if refusal := s.scope(&g, request); refusal != nil {
		return *refusal
	}
	token := s.issueToken(g)

	return answer{
		status: http.StatusCreated,
		header: http.Header{headerSubjectToken: {token}},
		body:   s.tokenBody(in.base, g),
	}
}

// identify checks who asks for a token.
func (s *Simulator) identify(in *incoming, request authRequest) (grant, *answer) {
	identity := request.Auth.Identity
	g := grant{
		domainID: s.account.DomainID,
		methods:  identity.Methods,
		issued:   in.now,
		expires:  in.now.Add(s.tokenLifetime),
	}
	switch {
	case slices.Equal(identity.Methods, []string{"password"}):
		user := identity.Password.User
		known := user.ID == s.account.UserID ||
			user.Name == s.account.UserName && s.account.domainIs(s.account.DomainID, user.Domain)
		if !known || user.Password != s.account.Password {
			return grant{}, refusal(http.StatusUnauthorized, "The username or password is wrong.")
		}

		return g, nil
	case slices.Equal(identity.Methods, []string{"token"}):
		old, ok := s.tokens[identity.Token.ID]
		if !ok || !in.now.Before(old.expires) {
			return grant{}, refusal(http.StatusUnauthorized, "The token is invalid or has expired.")
		}
		old.methods = g.methods
		old.issued = in.now // but it lives no longer than the token it was made from

		return old, nil
	case slices.Equal(identity.Methods, []string{"assume_role"}):
		if _, problem := s.credential(in); problem != "" {
			return grant{}, refusal(http.StatusUnauthorized, problem)
		}
		if !s.isAgency(request) {
			return grant{}, refusal(http.StatusForbidden, "You are not authorized to assume the agency.")
		}
		g.delegated = true
		g.domainID = s.account.AgencyDomainID

		return g, nil
	default:
		return grant{}, refusal(http.StatusBadRequest, "The authentication methods are not supported.")
	}
}

// isAgency reports whether a request names the account's agency.
func (s *Simulator) isAgency(request authRequest) bool {
	role := request.Auth.Identity.AssumeRole
	named := role.RoleName == s.account.AgencyName || role.AgencyName == s.account.AgencyName

	return named && s.account.domainIs(s.account.AgencyDomainID, domainRef{ID: role.DomainID, Name: role.DomainName})
}

// scope narrows a grant to the project or domain that was asked for.
func (s *Simulator) scope(g *grant, request authRequest) *answer {
	scope := request.Auth.Scope
	if scope == nil {
		return nil // a token made from a token keeps its scope, any other has none
	}

	homeDomain, homeProject := s.account.home(g.delegated)
	switch {
	case scope.Project != nil:
		byName := scope.Project.Name == s.account.projectName(homeProject) &&
			s.account.domainIs(homeDomain, scope.Project.Domain)
		if scope.Project.ID != homeProject && !byName {
			return refusal(http.StatusUnauthorized, "The project does not exist or you have no access to it.")
		}
		g.projectID = homeProject
	case scope.Domain != nil:
		if !s.account.domainIs(homeDomain, *scope.Domain) {
			return refusal(http.StatusUnauthorized, "The domain does not exist or you have no access to it.")
		}
		g.projectID = ""
	}

	return nil
}

func refusal(status int, message string) *answer {
	a := identityAnswer(status, message)

	return &a
}

// validateToken serves GET /v3/auth/tokens.
func (s *Simulator) validateToken(in *incoming) answer {
	token := in.Header.Get(headerSubjectToken)
	g, ok := s.tokens[token]
	if !ok || !in.now.Before(g.expires) {
		return identityAnswer(http.StatusNotFound, "The subject token is invalid or has expired.")
	}

	return answer{
		status: http.StatusOK,
		header: http.Header{headerSubjectToken: {token}},
		body:   s.tokenBody(in.base, g),
	}
}

// withCredential demands a valid token or signature, as IAM does.
func withCredential(handle handler) handler {
	return func(s *Simulator, in *incoming) answer {
		who, problem := s.credential(in)
		if problem != "" {
			return identityAnswer(http.StatusUnauthorized, problem)
		}
		in.who = who

		return handle(s, in)
	}
}

// inProject demands a valid token or signature for the project in the path, as the gateway of SDRS and ECS does.
func inProject(handle handler) handler {
	return func(s *Simulator, in *incoming) answer {
		who, problem := s.credential(in)
		if problem != "" && !isSigned(in.Request) && s.invalidTokenAs403 {
			return gatewayAnswer(in, http.StatusForbidden, "APIGW.0301", headerAuthToken+" is invalid")
		}
		if problem != "" {
			return gatewayAnswer(in, http.StatusUnauthorized, "APIGW.0301",
				"Incorrect IAM authentication information: "+problem)
		}
		if who.projectID == "" || who.projectID != in.PathValue("project_id") {
			return gatewayAnswer(in, http.StatusForbidden, "APIGW.0302",
				"The credential is not scoped to the project of the request.")
		}
		in.who = who
		if in.instead != nil {
			in.instead(in.Request)
		}

		return handle(s, in)
	}
}

func isSigned(r *http.Request) bool { return r.Header.Get("Authorization") != "" }

// credential checks the token or the signature of a request. The text says what is wrong with it, if anything is.
func (s *Simulator) credential(in *incoming) (grant, string) {
	if isSigned(in.Request) {
		return s.signedBy(in)
	}

	token := in.Header.Get(headerAuthToken)
	g, ok := s.tokens[token]
	switch {
	case token == "":
		return grant{}, "no token and no signature"
	case !ok:
		return grant{}, "the token is invalid"
	case !in.now.Before(g.expires):
		return grant{}, "the token has expired"
	default:
		return g, ""
	}
}

// signedBy checks an AK/SK signature. Its grant is for the project of X-Project-Id, which only SDRS and ECS insist on.
func (s *Simulator) signedBy(in *incoming) (grant, string) {
	sig, ok := parseSignature(in.Header.Get("Authorization"))
	if !ok {
		return grant{}, "the Authorization header is malformed"
	}
	k, ok := s.keys[sig.accessKey]
	if !ok {
		return grant{}, "the access key does not exist"
	}
	// The wall clock, because that is what clients sign with, whatever the simulator's clock says.
	if problem := sig.fault(in.Request, in.body, k.secret, time.Now()); problem != "" {
		return grant{}, problem
	}
	if k.temporary() && in.Header.Get(headerSecurityToken) != k.securityToken {
		return grant{}, "the security token does not belong to the access key"
	}
	if k.temporary() && !in.now.Before(k.expires) {
		return grant{}, "the temporary access key has expired"
	}

	g := grant{delegated: k.temporary(), signed: true}
	var project string
	g.domainID, project = s.account.home(g.delegated)
	if in.Header.Get(headerProject) == project {
		g.projectID = project
	}

	return g, ""
}

// createKeys serves POST /v3.0/OS-CREDENTIAL/securitytokens.
func (s *Simulator) createKeys(in *incoming) answer {
	var request authRequest
	if err := json.Unmarshal(in.body, &request); err != nil {
		return identityAnswer(http.StatusBadRequest, "The request body is not valid JSON.")
	}
	if !slices.Equal(request.Auth.Identity.Methods, []string{"assume_role"}) {
		return identityAnswer(http.StatusBadRequest, "The authentication methods are not supported.")
	}
	if !s.isAgency(request) {
		return identityAnswer(http.StatusForbidden, "You are not authorized to assume the agency.")
	}

	accessKey, k := s.issueKeys(in.now)

	return answer{status: http.StatusCreated, body: map[string]map[string]string{"credential": {
		"access":        accessKey,
		"secret":        k.secret,
		"securitytoken": k.securityToken,
		"expires_at":    identityTime(k.expires),
	}}}
}
