# terraform init, then: terraform test -junit-xml=drill.xml
run "every_protected_instance_has_a_server" {
  assert {
    condition     = sdrs_drill.test.status == "available"
    error_message = "The drill is ${sdrs_drill.test.status}."
  }
  assert {
    condition = toset(sdrs_drill.test.servers[*].protected_instance_id) == toset(
      data.sdrs_protected_instances.group.protected_instances[*].id
    )
    error_message = "Not every protected instance has a server in the drill."
  }
}

run "every_server_answers" {
  variables {
    probe = true
  }
  assert {
    condition     = length(terraform_data.answer) > 0
    error_message = "The drill has no server that could be asked."
  }
}
