package e2e_test

import (
	"encoding/xml"
	"io/fs"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
)

// TestAccDrillTest runs the example of the guide with servers that answer, and with one that does not: the drill is
// deleted, and the file says what was found.
func TestAccDrillTest(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		silent int // The number of servers that do not answer.
		exit   int
	}{
		"all answer":          {},
		"one does not answer": {silent: 1, exit: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// The addresses of this machine: what is sent to a server of the drill comes back to the test.
			loopback := []simulator.Subnet{{ID: demo.VPCID, CIDR: "127.77.0.0/24"}}
			w := newWorkspace(t, simulator.WithJobDuration(100*time.Millisecond), simulator.WithVPCs(
				simulator.VPC{ID: demo.VPCID, Subnets: loopback},
				simulator.VPC{ID: drillVPC, Subnets: []simulator.Subnet{{ID: drillVPC, CIDR: "127.77.0.0/24"}}},
			))
			w.Needs(t, "terraform test with -junit-xml", tfversion.Version1_11_0)
			w.Write(t, "main.tf", "")
			for _, file := range []string{"drill.tf", "drill.tftest.hcl", "probe.sh"} {
				content, err := fs.ReadFile(repository, "examples/drill-test/"+file)
				if err != nil {
					t.Fatal(err)
				}
				w.Write(t, file, string(content))
			}
			w.Environment = append(w.Environment, "RETRIES=0")
			port := answer(t, []string{"127.77.0.2", "127.77.0.3"}[:2-test.silent])
			output := w.RunExit(
				t,
				test.exit,
				w.Terraform,
				"test",
				"-junit-xml=drill.xml",
				"-var=drill_vpc_id="+drillVPC,
				"-var=port="+port,
			)
			if test.exit > 0 {
				page := readPage(t, "guides/a-drill-as-a-test.md")
				wantPrinted(t, page.output(t, "## A run"), output)
				wantPrinted(t, page.block(t, "## The paper", "xml"), w.Read(t, "drill.xml"))
			}
			transcript(t, name, output)
			var paper struct {
				Suites []struct {
					Name     string `xml:"name,attr"`
					Failures int    `xml:"failures,attr"`
					Errors   int    `xml:"errors,attr"`
					Cases    []struct {
						Name string `xml:"name,attr"`
					} `xml:"testcase"`
				} `xml:"testsuite"`
			}
			transcript(t, "the paper: "+name, w.Read(t, "drill.xml"))
			if err := xml.Unmarshal([]byte(w.Read(t, "drill.xml")), &paper); err != nil {
				t.Fatal(err)
			}
			if len(paper.Suites) != 1 || len(paper.Suites[0].Cases) != 2 ||
				paper.Suites[0].Failures+paper.Suites[0].Errors != test.exit {
				t.Errorf("the paper says %+v", paper)
			}
			group, _ := w.Group(demo.ID)
			if w.Accepted(simulator.RouteCreateDrill) != 1 || len(group.Drills) > 0 {
				t.Errorf("left %v", group.Drills)
			}
		})
	}
}

// answer answers HTTP at all addresses, and returns the port.
func answer(t *testing.T, addresses []string) (port string) {
	t.Helper()
	port = "0"
	for _, address := range addresses {
		listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", net.JoinHostPort(address, port))
		if err != nil {
			t.Skipf("this machine has no address %s: %v", address, err)
		}
		server := &http.Server{
			ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}),
		}
		go func() { _ = server.Serve(listener) }() // It ends with Close.
		t.Cleanup(func() { _ = server.Close() })
		_, port, _ = net.SplitHostPort(listener.Addr().String())
	}
	return port
}
