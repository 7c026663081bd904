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
	if err != nil { // The error can have the entry's auth_url in it, with a password.
		return cloudEntry{}, fmt.Errorf("the entry can't be used: an auth_url with {region_name} needs a region_name, " +
			"and no entry may have the name that OS_CLOUD_NAME has, or envvars")
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
	// The environment's keys are not the entry's, nor is half a key that the library completes from AWS_ACCESS_KEY_ID,
	// which is for a state's S3 backend.
	ambient := environment.AuthInfo
	ofEntry := auth.AccessKey != ambient.AccessKey || auth.SecretKey != ambient.SecretKey
	if auth.AccessKey != "" && auth.SecretKey != "" && ofEntry {
		entry.settings["access_key"] = auth.AccessKey
		entry.settings["secret_key"] = auth.SecretKey
		// AWS_SECURITY_TOKEN belongs to the key in the environment, and must not go to IAM with another one.
		if auth.SecurityToken != ambient.SecurityToken || auth.AccessKey == ambient.AccessKey {
			entry.settings["security_token"] = auth.SecurityToken
		}
	}
	entry.insecure = loaded.Verify != nil && !*loaded.Verify
	return entry, nil
}
