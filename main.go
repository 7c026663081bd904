// Command terraform-provider-sdrs is the Terraform provider for planned failovers of SDRS protection groups.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	sdrs "github.com/terraform-sdrs/terraform-provider-sdrs/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "run as a server that a debugger can attach to")
	flag.Parse()

	err := providerserver.Serve(
		context.Background(),
		func() provider.Provider { return sdrs.New(version) },
		providerserver.ServeOpts{Address: sdrs.Address, Debug: *debug},
	)
	if err != nil {
		log.Fatal(err)
	}
}
