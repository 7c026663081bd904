mock_provider "sdrs" {
  source = "./" # The folder of sdrs.tfmock.hcl.
}

run "all_groups_move" {
  variables {
    availability_zone = "eu-de-02"
  }

  assert {
    condition     = length(output.elsewhere) == 0
    error_message = "These groups stayed: ${join(", ", output.elsewhere)}."
  }
}

run "a_group_that_stays_is_named" {
  variables {
    availability_zone = "eu-de-01"
  }

  assert {
    condition     = output.elsewhere == ["web-shop"]
    error_message = "Nobody would notice."
  }
}
