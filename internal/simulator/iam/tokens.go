package iam

import (
	"crypto/rand"
	"time"
)

// IssueToken returns a new token for the account's project, as if the user had logged in.
func (s *Service) IssueToken() string {
	s.mu.Lock()
	defer s.mu.Unlock()

	now := s.now()

	return s.issueToken(Grant{
		domainID: s.account.DomainID, ProjectID: s.account.ProjectID,
		methods: []string{"password"}, issued: now, expires: now.Add(s.lifetime),
	})
}

// IssueTemporaryKeys returns new temporary keys for the delegated project, as if the user had assumed the agency.
func (s *Service) IssueTemporaryKeys() (accessKey, secretKey, securityToken string) {
	s.mu.Lock()
	defer s.mu.Unlock()

	accessKey, k := s.issueKeys(s.now())

	return accessKey, k.secret, k.securityToken
}

// RevokeTokens makes every token issued so far invalid. Temporary keys are not tokens and stay valid.
func (s *Service) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()

	clear(s.tokens)
}

// Secrets returns everything that must never appear in a log: the password, all secret keys, and all tokens and
// security tokens issued so far, valid or not.
func (s *Service) Secrets() []string {
	s.mu.Lock()
	defer s.mu.Unlock()

	return append([]string{s.account.Password, s.account.SecretKey}, s.issued...)
}

func (s *Service) issueToken(g Grant) string {
	token := "simulated-token-" + rand.Text()
	s.tokens[token] = g
	s.issued = append(s.issued, token)

	return token
}

func (s *Service) issueKeys(now time.Time) (string, key) {
	accessKey := "TEMPORARY" + rand.Text()
	k := key{
		secret:        "simulated-secret-key-" + rand.Text(),
		securityToken: "simulated-security-token-" + rand.Text(),
		expires:       now.Add(s.lifetime),
	}
	s.keys[accessKey] = k
	s.issued = append(s.issued, k.secret, k.securityToken)

	return accessKey, k
}

func identityTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

type projectWire struct {
	ID     string    `json:"id"`
	Name   string    `json:"name"`
	Domain reference `json:"domain"`
}

type tokenWire struct {
	ExpiresAt string           `json:"expires_at"`
	IssuedAt  string           `json:"issued_at"`
	Methods   []string         `json:"methods"`
	Project   *projectWire     `json:"project,omitempty"`
	Domain    *reference       `json:"domain,omitempty"`
	User      projectWire      `json:"user"` // the same three fields
	Roles     []reference      `json:"roles"`
	Catalog   []catalogService `json:"catalog"`
}

func (s *Service) tokenBody(in *request, g Grant) map[string]tokenWire {
	domain := func(id string) reference { return reference{ID: id, Name: s.account.domainName(id)} }
	token := tokenWire{
		ExpiresAt: identityTime(g.expires),
		IssuedAt:  identityTime(g.issued),
		Methods:   g.methods,
		User:      projectWire{ID: s.account.UserID, Name: s.account.UserName, Domain: domain(s.account.DomainID)},
		Roles:     []reference{},
		Catalog:   s.catalog(in.base(), g.ProjectID),
	}
	home := domain(g.domainID)
	if g.ProjectID == "" {
		token.Domain = &home
	} else {
		token.Project = &projectWire{ID: g.ProjectID, Name: s.account.projectName(g.ProjectID), Domain: home}
	}

	return map[string]tokenWire{"token": token}
}
