// Command terraform-provider-sdrs is the Terraform provider for planned failovers of SDRS protection groups.
package main

import (
	"flag"
	"log"

	sdrs "github.com/terraform-sdrs/terraform-provider-sdrs/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "run as a server that a debugger can attach to")
	flag.Parse()

	if err := sdrs.Serve(version, *debug); err != nil {
		log.Fatal(err)
	}
}
