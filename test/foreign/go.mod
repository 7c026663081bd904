// Clients of others, which judge the simulator. They are a module of their own, so that the provider's knows nothing of them.
module github.com/terraform-sdrs/terraform-provider-sdrs/test/foreign

go 1.26.0

replace github.com/terraform-sdrs/terraform-provider-sdrs => ../..

require (
	github.com/huaweicloud/huaweicloud-sdk-go-v3 v0.1.192
	github.com/opentelekomcloud/gophertelekomcloud v0.9.8
	github.com/terraform-sdrs/terraform-provider-sdrs v0.0.0-00010101000000-000000000000
)

require (
	github.com/fatih/color v1.18.0 // indirect
	github.com/goccy/go-yaml v1.9.8 // indirect
	github.com/json-iterator/go v1.1.13-0.20220915233716-71ac16282d12 // indirect
	github.com/mattn/go-colorable v0.1.14 // indirect
	github.com/mattn/go-isatty v0.0.20 // indirect
	github.com/modern-go/concurrent v0.0.0-20180228061459-e0a39a4cb421 // indirect
	github.com/modern-go/reflect2 v1.0.2 // indirect
	github.com/tjfoc/gmsm v1.4.1 // indirect
	go.mongodb.org/mongo-driver v1.13.1 // indirect
	golang.org/x/sys v0.47.0 // indirect
	golang.org/x/xerrors v0.0.0-20200804184101-5ec99f83aff1 // indirect
	gopkg.in/ini.v1 v1.67.0 // indirect
	gopkg.in/yaml.v2 v2.3.0 // indirect
)
