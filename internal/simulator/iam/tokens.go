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

// tokenBody is what IAM says about a token.
func (s *Service) tokenBody(in *request, g Grant) object {
	domain := func(id string) object { return object{"id": id, "name": s.account.domainName(id)} }
	token := object{
		"issued_at": identityTime(g.issued), "expires_at": identityTime(g.expires), "methods": g.methods,
		"user": object{
			"id": s.account.UserID, "name": s.account.UserName, "domain": domain(s.account.DomainID),
		},
		"roles": []object{}, "catalog": s.catalog(in.base(), g.ProjectID),
	}
	if g.ProjectID == "" {
		token["domain"] = domain(g.domainID)
	} else {
		token["project"] = object{
			"id": g.ProjectID, "name": s.account.projectName(g.ProjectID), "domain": domain(g.domainID),
		}
	}

	return object{"token": token}
}
