package simulator_test

import "testing"

func TestActiveDomainsAndQuotas(t *testing.T) {
	c := newCloud(t)
	domain := c.sdrs("active-domains").list("domains")[0]
	sameKeys(t, "domain", domain, "id", "name", "description", "sold_out",
		"local_replication_cluster", "remote_replication_cluster")
	equal(t, "local", reply{body: domain}.at("local_replication_cluster", "availability_zone"), any("eu-de-01"))
	equal(t, "remote", reply{body: domain}.at("remote_replication_cluster", "availability_zone"), any("eu-de-02"))
	equal(t, "domain", domain["id"], any(c.group().DomainID))

	quotas := c.sdrs("sdrs/quotas")
	resources, _ := quotas.at("quotas").(map[string]any)
	list := reply{body: resources}.list("resources")
	equal(t, "quotas", len(list), 2)
	sameKeys(t, "quota", list[0], "type", "used", "quota", "min", "max")
	equal(t, "groups", list[0]["used"], any(1.0))
	equal(t, "group quota", list[0]["quota"], any(50.0))
	equal(t, "pairs", list[1]["used"], any(3.0))
	equal(t, "pair quota", list[1]["quota"], any(100.0))
}
