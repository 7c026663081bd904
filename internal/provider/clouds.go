package provider

import (
	"cmp"
	"fmt"
	"reflect"

	"github.com/opentelekomcloud/gophertelekomcloud/openstack"
)

// cloudEntry is an entry of clouds.yaml.
type cloudEntry struct {
	settings settings
	insecure bool
}

// loadCloud reads an entry of clouds.yaml, with what secure.yaml and clouds-public.yaml add to it.
func loadCloud(name string) (entry cloudEntry, err error) {
	defer func() {
		if recover() != nil { // The library reads on where the file is no YAML.
			err = fmt.Errorf("clouds.yaml can't be read: it is not valid YAML")
		}
	}()
	loaded, err := openstack.NewEnv("OS_").Cloud(name)
	if err != nil {
		return cloudEntry{}, err
	}
	// The library merges the environment into each entry, and does not tell whether there was one.
	environment, err := openstack.NewEnv("OS_").Cloud("no entry has this name \x00")
	if err != nil {
		return cloudEntry{}, err
	}
	environment.Cloud = loaded.Cloud
	if reflect.DeepEqual(loaded, environment) {
		return cloudEntry{}, fmt.Errorf("clouds.yaml has no entry %q", name)
	}

	auth := loaded.AuthInfo
	entry.settings = settings{
		"auth_url":           auth.AuthURL,
		"region":             loaded.RegionName,
		"user_name":          auth.Username,
		"user_id":            auth.UserID,
		"password":           auth.Password,
		"domain_name":        cmp.Or(auth.DomainName, auth.ProjectDomainName, auth.UserDomainName),
		"domain_id":          cmp.Or(auth.DomainID, auth.ProjectDomainID, auth.UserDomainID, auth.DefaultDomain),
		"tenant_name":        auth.ProjectName,
		"tenant_id":          auth.ProjectID,
		"token":              auth.Token,
		"agency_name":        auth.AgencyName,
		"agency_domain_name": auth.AgencyDomainName,
		"delegated_project":  auth.DelegatedProject,
		"cacert_file":        loaded.CACertFile,
		"cert":               loaded.ClientCertFile,
		"key":                loaded.ClientKeyFile,
	}
	// Half a key is not the entry's: the library fills it in from AWS_ACCESS_KEY_ID, which is for a state's S3 backend.
	if auth.AccessKey != "" && auth.SecretKey != "" {
		entry.settings["access_key"] = auth.AccessKey
		entry.settings["secret_key"] = auth.SecretKey
		entry.settings["security_token"] = auth.SecurityToken
	}
	entry.insecure = loaded.Verify != nil && !*loaded.Verify
	return entry, nil
}
