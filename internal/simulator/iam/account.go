package iam

// Account is the one account of the simulated cloud: a user of a domain with a project, and an agency through which
// the user may act in a project of another domain.
type Account struct {
	Region             string
	DomainName         string
	DomainID           string
	ProjectName        string
	ProjectID          string
	UserName           string
	UserID             string
	Password           string
	AccessKey          string
	SecretKey          string
	AgencyName         string
	AgencyDomainName   string
	AgencyDomainID     string
	DelegatedProject   string
	DelegatedProjectID string
}

// DefaultAccount returns the account that every simulator has. All of it is made up, the secrets included.
func DefaultAccount() Account {
	//nolint:gosec // These are the credentials of a cloud that doesn't exist.
	return Account{
		Region:             "eu-de",
		DomainName:         "demo-domain",
		DomainID:           "d0000000000000000000000000000001",
		ProjectName:        "eu-de_demo",
		ProjectID:          "b0000000000000000000000000000001",
		UserName:           "demo-user",
		UserID:             "a0000000000000000000000000000001",
		Password:           "demo-password-of-no-real-cloud",
		AccessKey:          "DEMOACCESSKEY0000001",
		SecretKey:          "DemoSecretKeyOfNoRealCloud00000000000001",
		AgencyName:         "demo-agency",
		AgencyDomainName:   "demo-agency-domain",
		AgencyDomainID:     "d0000000000000000000000000000002",
		DelegatedProject:   "eu-de_delegated",
		DelegatedProjectID: "b0000000000000000000000000000002",
	}
}

// domainName is the name of one of the account's two domains.
func (a Account) domainName(id string) string {
	if id == a.AgencyDomainID {
		return a.AgencyDomainName
	}

	return a.DomainName
}

// domainIs reports whether a reference by id or by name means the domain with that id.
func (a Account) domainIs(id string, ref reference) bool {
	switch {
	case ref.ID != "":
		return ref.ID == id
	case ref.Name != "":
		return ref.Name == a.domainName(id)
	default:
		return false
	}
}

// projectName is the name of one of the account's two projects.
func (a Account) projectName(id string) string {
	if id == a.DelegatedProjectID {
		return a.DelegatedProject
	}

	return a.ProjectName
}

// home returns the domain and the project that a credential acts in: the account's own or, through the agency, the
// delegated ones.
func (a Account) home(delegated bool) (domainID, projectID string) {
	if delegated {
		return a.AgencyDomainID, a.DelegatedProjectID
	}

	return a.DomainID, a.ProjectID
}
