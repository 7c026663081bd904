package quota_test

import (
	"testing"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/tftest"
)

func TestQuotas(t *testing.T) {
	t.Parallel()
	tftest.WantItems(t, "sdrs_quotas",
		tftest.Attributes{"type": "server_groups", "used": int64(2), "quota": int64(50), "min": int64(0), "max": int64(-1)},
		tftest.Attributes{"type": "replications", "used": int64(4), "quota": int64(100), "min": int64(0), "max": int64(-1)},
	)
	tftest.WantItem(t, "sdrs_quotas", `{"quotas": {"resources": [{"type": "drills", "quota": -1}]}}`,
		tftest.Attributes{"type": "drills", "quota": int64(-1)})
}
